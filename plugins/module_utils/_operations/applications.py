# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: which application a task means: by id or by name, of which kind, for which capabilities."""

from __future__ import annotations

import difflib
import typing as t

from .._contract.features import Features
from .._core.errors import Failure
from .._core.link import Aim, Target
from .._core.model import CAPABILITIES, Application
from .._core.words import nearest
from .context import Context, Result

_MOST = 10  # candidates that a message names


def application_info(context: Context, name: str | None, kind: str | None) -> Result:
    """The applications that numbers can be linked to, of one *name* and of one *kind* where these are given."""
    provider = context.provider
    _check_listed(provider.features, provider.name, kind)
    found = [one for one in provider.applications(name, kind) if name in (None, one.name) and kind in (None, one.kind)]
    found.sort(key=lambda one: (one.kind, one.name or "", one.id))
    return Result(facts={"applications": [one.as_dict() for one in found]})


def check(features: Features, provider: str, aim: Aim) -> None:
    """Refuse, before any request, what the provider cannot link to or the options do not say."""
    for capability in (target.capability for target in aim.targets if target.capability is not None):
        if capability not in CAPABILITIES:
            hint = nearest(capability, CAPABILITIES)
            raise Failure(
                "invalid_option", f"capability {capability!r} is unknown{hint}: use {', '.join(CAPABILITIES)}."
            )
    if not features.kinds:
        raise features.unsupported("assignment", provider)
    for target in aim.targets:
        _check_target(features, provider, target)


def _check_target(features: Features, provider: str, target: Target) -> None:
    if target.capability is not None and target.capability not in features.kinds:
        raise Failure(
            "unsupported",
            f"{provider} links no {target.capability}: use {', '.join(features.linked_capabilities)}.",
        )
    if not target.id and not target.name:
        raise Failure("invalid_option", "application must be the id of an application.")
    _check_kind(features, provider, target.kind)
    if target.kind and target.capability and target.kind not in features.kinds[target.capability]:
        offered = " or ".join(features.kinds[target.capability])
        raise Failure("invalid_option", f"{provider} links {target.capability} to no {target.kind}, but to {offered}.")
    if not target.id:
        _check_listed(features, provider, target.kind)


def _check_kind(features: Features, provider: str, kind: str | None) -> None:
    """Raise Failure ``invalid_option`` for a kind that the provider does not have."""
    known = sorted({one for kinds in features.kinds.values() for one in kinds})
    if kind is not None and kind not in known:
        offered = ", ".join(known) or "none"
        raise Failure(
            "invalid_option",
            f"application_kind {kind!r} is unknown at {provider}{nearest(kind, known)}: it has {offered}.",
        )


def _check_listed(features: Features, provider: str, kind: str | None) -> None:
    """Raise Failure ``unsupported`` where the provider does not list the applications of *kind*, or any at all."""
    if not features.kinds:
        raise features.unsupported("assignment", provider)
    _check_kind(features, provider, kind)
    if not features.listed_kinds:
        raise Failure(
            "unsupported",
            features.hints.get("applications") or f"{provider} does not list applications: use their ids.",
        )
    if kind is not None and kind not in features.listed_kinds:
        raise Failure(
            "unsupported",
            f"{provider} lists {', '.join(features.listed_kinds)}, and nothing of the kind {kind}: use its id.",
        )


def identified(context: Context, aim: Aim) -> Aim:
    """*aim* with the id of each application that it names."""
    return Aim(tuple(_identified(context, target) for target in aim.targets), aim.named)


def resolved(context: Context, aim: Aim) -> Aim:
    """*aim* with a capability, a kind and an id in each of its targets. Sends nothing where all are given by their
    ids, unless the provider's accounts have different kinds.

    Raises Failure ``not_found`` or ``invalid_option`` for a name that does not fit exactly one application.
    """
    features = context.provider.features
    each = [_resolved(context, features, target) for target in aim.targets]
    targets = [found for part in each for found in part]
    # An application that serves one capability names it, whether a number's record tells of that or not.
    kinds = context.provider.kinds
    named = aim.named or all(len(part) == 1 and _serves_one(kinds, part[0]) for part in each)
    return Aim(tuple(sorted(targets, key=lambda target: str(target.capability))), named)


def _serves_one(kinds: t.Mapping[str, t.Sequence[str]], target: Target) -> bool:
    """Whether what a resolved *target* is of serves one capability only, where the provider links several."""
    serving = [capability for capability, served in kinds.items() if target.kind in served]
    return len(kinds) > 1 and len(serving) == 1


def _resolved(context: Context, features: Features, target: Target) -> list[Target]:
    found = _identified(context, target)
    kind, kinds = found.kind or context.provider.kind_of(str(found.id)), context.provider.kinds
    capabilities = features.linked_capabilities if target.capability is None else (target.capability,)
    served = [capability for capability in capabilities if kind is None or kind in kinds[capability]]
    if not served:
        offered = " or ".join(kinds[capabilities[0]])
        raise Failure(
            "invalid_option",
            f"{found.id} is of the kind {kind}, and {context.provider.name} links {capabilities[0]} to {offered}.",
        )
    several = sorted({one for capability in served for one in kinds[capability]})
    if kind is None and len(several) > 1:
        raise Failure(
            "invalid_option",
            f"What {found.id} is cannot be told from it: set application_kind to one of {', '.join(several)}.",
        )
    return [Target(found.id, capability, kind or several[0], target.name) for capability in served]


def _identified(context: Context, target: Target) -> Target:
    """*target* with its id, found by its name."""
    if target.id or not target.name:
        return target
    features, provider = context.provider.features, context.provider
    listed = [one for one in provider.applications(target.name, target.kind) if target.kind in (None, one.kind)]
    listed = [one for one in listed if target.capability is None or target.capability in one.capabilities]
    found = [one for one in listed if one.name == target.name]
    what = f"{provider.name} lists {{}} {target.name!r}" + (f" for {target.capability}" if target.capability else "")
    if not found:
        near = difflib.get_close_matches(target.name, [one.name for one in listed if one.name], 3)
        hint = f" (near it are {', '.join(near)})" if near else ""
        unlisted = sorted({one for kinds in features.kinds.values() for one in kinds} - {*features.listed_kinds})
        more = f" What is of the kind {' or '.join(unlisted)} is not listed: name it by its id." if unlisted else ""
        raise Failure(
            "not_found", f"{what.format('no application')}{hint}: see application_info for those there are.{more}"
        )
    if len(found) > 1:
        raise Failure(
            "invalid_option",
            f"{what.format(f'{len(found)} applications')}: {_candidates(found)}. Name one by its id, or set "
            "application_kind.",
        )
    return Target(found[0].id, target.capability, found[0].kind, target.name)


def _candidates(found: t.Sequence[Application]) -> str:
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
    shown = sorted(found, key=lambda one: (one.kind, one.id))[:_MOST]
    return ", ".join(f"{one.id} ({one.kind})" for one in shown) + more

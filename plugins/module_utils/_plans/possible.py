# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what an account's provider cannot do of what a pool wants, in the words of the operations."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .._core.errors import Failure, one_line
from .._operations import applications, assignment, configuration
from .._operations.context import Context
from .._purchase.checking import check as check_purchase
from .._purchase.want import Terms, Want
from .model import Account, offline


def resolved(account: Account, want: Want) -> Want:
    """*want* with the capabilities and kinds of the applications that it gives by id, unless only the account knows
    these. Raises Failure for what the provider does not link to.
    """
    aim, context = want.application, offline(account)
    if aim is None:
        return want
    applications.check(context.provider.features, context.provider.name, aim)
    if not all(target.id for target in aim.targets) or not _knows_kinds(context):
        return want
    return dataclasses.replace(want, application=applications.resolved(context, aim))


def _knows_kinds(context: Context) -> bool:
    """Whether the kinds of applications are the same in every account of the provider."""
    try:
        return bool(context.provider.kinds)
    except Failure:
        return False


def _parts(want: Want) -> tuple[Want, ...]:
    """*want* in parts that are checked apart, so that a mistake in one does not hide those in the others."""
    nothing = Want(numbers=())
    linked = dataclasses.replace(
        nothing, application=want.application, capability=want.capability, default_application=want.default_application
    )
    optional = dataclasses.replace(nothing, options=want.options)
    filed = dataclasses.replace(nothing, regulatory=want.regulatory)
    selected = dataclasses.replace(nothing, numbers=want.numbers, count=want.count, selector=want.selector)
    return dataclasses.replace(nothing, limits=want.limits), linked, optional, filed, selected


def impossible(
    account: Account, want: Want, terms: t.Mapping[str, t.Any], settings: t.Mapping[str, t.Any], retired: bool
) -> t.Iterator[str]:
    """What the account's provider cannot do of this, a line each. *terms* are given fields of the purchase's."""
    context = offline(account)
    features, name = context.provider.features, context.provider.name
    checks: list[t.Callable[[], t.Any]] = []
    if retired and not features.release:
        yield features.unsupported("release", name).message
    if not retired:
        checks += [functools.partial(check_purchase, context, part, Terms()) for part in _parts(want)]
        checks += [
            functools.partial(check_purchase, context, Want(numbers=()), Terms(**{key: value}))
            for key, value in terms.items()
        ]
    if want.application and not (retired and features.linked_capabilities):
        wish = assignment.Wish(want.numbers or (), want.application)
        checks.append(lambda: assignment.check(features, name, wish))
        checks.append(lambda: resolved(account, want))
    if settings:
        checks.append(lambda: configuration.checked(context, settings))
    said: set[str] = set()
    for check in checks:
        try:
            check()
        except Failure as failure:
            if failure.message not in said:
                yield one_line(failure.message)
            said.add(failure.message)

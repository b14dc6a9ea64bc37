# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: which offers need papers that the task does not name. Pure."""

from __future__ import annotations

import hashlib
import json
import typing as t

from .._contract.features import Features
from .._core.errors import Failure
from .._core.model import Offer
from .._core.words import nearest
from .want import Want

OfferClass = t.Tuple[t.Optional[str], t.Optional[str], t.Optional[t.FrozenSet[str]]]


def check(want: Want, features: Features, provider: str) -> None:
    """Raise Failure for a key of ``regulatory`` that the provider does not take, or for a value that is no text."""
    known = [paper.option for paper in features.regulatory]
    if want.regulatory and not known:
        raise Failure("unsupported", f"{provider} takes no papers with a purchase: leave 'regulatory' out.")
    for option, value in want.regulatory.items():
        if option not in known:
            hint = nearest(option, known)
            raise Failure(
                "invalid_option", f"regulatory has no {option!r} at {provider}{hint}: it takes {', '.join(known)}."
            )
        if not isinstance(value, str) or not value.strip():
            raise Failure("invalid_option", f"regulatory: {option} must be text, the id of what was filed: quote it.")


def digest(regulatory: t.Mapping[str, str]) -> str | None:
    """Return a hash of the papers that a task names, which is all that may be kept of them; None for none."""
    if not regulatory:
        return None
    return hashlib.sha256(json.dumps(dict(regulatory), sort_keys=True).encode("utf-8")).hexdigest()


def met(want: Want, features: Features) -> frozenset[str]:
    """The requirements that the task's ``regulatory`` meets."""
    return frozenset(word for paper in features.regulatory if paper.option in want.regulatory for word in paper.meets)


def lacking(offer: Offer, want: Want, features: Features) -> tuple[str, ...]:
    """What *offer* needs and the task does not name, in order.

    Where nobody checks papers at the purchase, an offer by count that does not say what it needs lacks all of them: it
    might be pending for days.
    """
    if offer.requirements is None:
        untried = want.numbers is None and not features.papers_checked_at_purchase
        return ("unknown papers",) if untried else ()
    return tuple(sorted(set(offer.requirements) - met(want, features)))


def class_of(offer: Offer) -> OfferClass:
    """The country, type and requirements of *offer*: what refuses one for its papers refuses all of these."""
    requirements = None if offer.requirements is None else frozenset(offer.requirements)
    return offer.country, offer.type, requirements


def passed_over(lacked: t.Mapping[str, t.Sequence[str]], features: Features) -> str:
    """One sentence that counts the offers that were passed over, by their ids, and says what they need."""
    counts: dict[str, int] = {}
    for words in lacked.values():
        what = _words(words)
        counts[what] = counts.get(what, 0) + 1
    told = ", ".join(f"{what}: {number}" for what, number in sorted(counts.items()))
    return f"Offers passed over for the papers that they need: {len(lacked)} ({told}). {_remedy(features)}"


def refusal(lacked: t.Mapping[str, t.Sequence[str]], features: Features) -> Failure:
    """The failure for named numbers, by their digits, that need papers which the task does not name."""
    told = ", ".join(f"{name} needs {_words(words)}" for name, words in list(lacked.items())[:5])
    return Failure("regulatory", f"{told}. {_remedy(features)}")


def _words(requirements: t.Sequence[str]) -> str:
    return " and ".join(word.replace("_", " ") for word in requirements)


def _remedy(features: Features) -> str:
    keys = ", ".join(paper.option for paper in features.regulatory)
    if not keys:
        return "The provider takes no papers with a purchase: file them with it, or choose other numbers."
    return f"Name what was filed with the provider in 'regulatory' ({keys}), or choose other numbers."

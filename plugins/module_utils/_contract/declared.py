# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: fields of a provider's own that a task may give, as its file declares them, and how they are checked."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import Failure
from .._core.words import nearest

TEXT, INTEGER, BOOLEAN, LIST = "str", "int", "bool", "list"
REQUIREMENTS = ("address", "local_address", "foreign_address", "identity", "documents")
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclasses.dataclass(frozen=True)
class Setting:
    """A field of ``provider_options`` (it acts at the purchase) or ``provider_settings`` (it is the number's own).

    *name* is how a task writes it, in small letters; *type* is TEXT, INTEGER, BOOLEAN or LIST (of texts); *help* is a
    sentence without a subject, like "Whether the caller's name is looked up.". Its name differs from every option of
    number_configuration. *refused* says why nobody may set it: it would take the number out of the account.
    """

    name: str
    type: str = TEXT
    choices: tuple[str, ...] = ()
    help: str = ""
    refused: str = ""

    def as_dict(self) -> dict[str, t.Any]:
        """The field in the ``features`` of account_info."""
        return {"name": self.name, "type": self.type, "choices": list(self.choices), "help": self.help}


@dataclasses.dataclass(frozen=True)
class Paper:
    """A key of ``regulatory``: *option* names what was filed with the provider.

    *meets* are the requirements that it is for: words of REQUIREMENTS. *help* is a phrase, like "the SID of a bundle".
    """

    option: str
    meets: tuple[str, ...]
    help: str = ""

    def as_dict(self) -> dict[str, t.Any]:
        """The key in the ``features`` of account_info."""
        return {"option": self.option, "meets": list(self.meets), "help": self.help}


def checked(
    given: t.Mapping[str, t.Any], declared: t.Sequence[Setting], option: str, provider: str
) -> dict[str, t.Any]:
    """Return the fields *given* in *option* with their types as *declared*; null and ``''`` are None.

    Raises Failure ``unsupported`` where the provider has none at all, or for one that takes a number out of the
    account; ``invalid_option`` for an unknown key or a value of another type.
    """
    if given and not declared:
        raise Failure("unsupported", f"{provider} has no {option}: leave it out.")
    known = {setting.name: setting for setting in declared}
    found = {}
    for name, value in given.items():
        setting = known.get(str(name))
        if setting is None:
            offered = ", ".join(one.name for one in declared if not one.refused)
            hint = nearest(str(name), known)
            raise Failure(
                "invalid_option", f"{option} has no {str(name)!r} at {provider}{hint}: it takes {offered or 'none'}."
            )
        if setting.refused:
            raise Failure("unsupported", f"{option}: {name} is not set here: {setting.refused}")
        found[setting.name] = None if value in (None, "") else _typed(setting, value, option)
    return found


def _typed(setting: Setting, value: t.Any, option: str) -> t.Any:
    """*value* with the type of *setting*. What a template or AWX made text of an integer or a boolean is one again."""
    place = f"{option}: {setting.name}"
    if setting.type == BOOLEAN:
        word = _WORDS.get(str(value).lower())
        if word is None:
            raise Failure("invalid_option", f"{place} must be true or false, not {value!r}.")
        return word
    if setting.type == INTEGER:
        if isinstance(value, bool) or not isinstance(value, (int, str)) or not str(value).lstrip("-").isdigit():
            raise Failure("invalid_option", f"{place} must be a whole number, not {value!r}.")
        return int(value)
    texts = value if setting.type == LIST and isinstance(value, (list, tuple)) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise Failure(
            "invalid_option",
            f"{place} must be {'a list of texts' if setting.type == LIST else 'text'}, not {value!r}: quote it, "
            "because YAML has already changed what looks like a number or a boolean.",
        )
    for text in texts:
        if setting.choices and text not in setting.choices:
            hint = nearest(text, setting.choices)
            raise Failure("invalid_option", f"{place} {text!r} is unknown{hint}: use {', '.join(setting.choices)}.")
    return sorted(set(texts)) if setting.type == LIST else value

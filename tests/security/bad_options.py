# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that nobody should write: seeded, so that each run tries the same ones."""

from __future__ import annotations

import importlib
import random
from typing import Any

from rows import Row
from runner import MODULES

NAMES = (
    "account_info",
    "application_info",
    "available_number_info",
    "number_assignment",
    "number_configuration",
    "number_info",
    "number_purchase",
    "number_release",
)
TEXTS = (
    *(
        "../../../v1/Account/OTHER",
        "..",
        ".",
        "%2e%2e",
        "%2e%2e%2f",
        "..%2f..",
        "/",
        "//127.0.0.2/",
        "\\\\127.0.0.2\\",
        "a/b",
        "a?b=c&d=e",
        "a#b",
        "a;b",
        "a b",
        "@127.0.0.2",
        ":",
        "a:b@c",
    ),
    *(
        "\r\nX-Injected: 1",
        "a\r\n\r\nGET /evil HTTP/1.1\r\n\r\n",
        "a\nb",
        "\r",
        "\t",
        "\x00",
        "a\x00b",
        "\x1b[31mred",
        "\x7f",
        "\x85",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\ud800",
        "a\udcffb",
    ),
    *(
        "é",
        "ß",
        "İ",
        "🤖",
        "１２３",
        "٣٤٥",
        "²",
        "ﬁ",
        "a\u0301" * 50,
        "\U0010ffff",
        "'; DROP TABLE numbers; --",
        "<script>",
        "{{ 7 * 7 }}",
        "{% raw %}",
        "${HOME}",
        "$(id)",
        "`id`",
        "~root",
        "~",
    ),
    *(
        "nan",
        "NaN",
        "inf",
        "-inf",
        "Infinity",
        "-1",
        "-0",
        "0",
        "1e400",
        "1e-400",
        "1e308",
        "0x10",
        "1_000",
        "１",
        "1,5",
        "+1",
        " 1 ",
        "1.5.5",
        "",
        " ",
        "None",
        "null",
        "true",
        "no",
        "[]",
        "{}",
    ),
    *(
        "+",
        "+0",
        "+1",
        "00491711234567",
        "+4917112345678901234",
        "+46 8 252 965 60",
        "tel:+46825296560",
        "+46825296560;ext=5",
        "+46\u202e825296560",
        "+４６８２５２９６５６０",
        "12345",
        "112",
    ),
    *(
        "US",
        "us",
        "U",
        "USA",
        "ZZ",
        "XX",
        "12",
        "S\u0130",
        "EUR",
        "eur",
        "EU",
        "EURO",
        "mobile",
        "MOBILE",
        "tollfree",
        "voice",
        "VOICE",
        "fax",
        "present",
        "absent",
    ),
    *("a" * 65, "a" * 300, "a" * 9000, "9" * 300, "9" * 5000, "../" * 500, "%" * 100, "é" * 5000),
)
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**63,
    10**30,
    1.5,
    -1.5,
    1e308,
    float("nan"),
    float("inf"),
    float("-inf"),
    [],
    {},
    [[]],
    [{}],
    [None],
    {"": ""},
    {"number": None},
)
# A file or an address outside of the test is nobody's business here.
_KEPT = ("provider", "api_url", "session_cache", "journal", "ca_path", "deadline")


def value(random_: random.Random, depth: int = 0) -> Any:
    """Anything that JSON and YAML can carry."""
    kind = random_.randrange(10)
    if kind < 6 or depth > 2:
        return random_.choice(TEXTS)
    if kind < 8:
        return random_.choice(ODD)
    if kind == 8:
        return [value(random_, depth + 1) for _item in range(random_.randrange(4))]
    return {
        random_.choice((*TEXTS[:60], "number", "number", "id")): value(random_, depth + 1)
        for _item in range(random_.randrange(3))
    }


def typed(random_: random.Random, spec: dict[str, Any]) -> Any:
    """A value that often passes the option's type, so that it reaches the code behind."""
    kind = spec.get("type", "str")
    if random_.random() < 0.15:
        return value(random_)
    if "choices" in spec:
        return random_.choice(spec["choices"])
    if kind == "list":
        items = [
            value(random_) if spec.get("elements") == "raw" else random_.choice(TEXTS)
            for _item in range(random_.randrange(1, 4))
        ]
        return items if random_.random() < 0.8 else ",".join(map(str, items))
    if kind == "dict":
        return {
            random_.choice(
                (*TEXTS[:40], "number", "country", "prefix", "region", "type", "phone_number", "alias")
            ): value(random_)
            for _item in range(random_.randrange(1, 3))
        }
    if kind == "bool":
        return random_.choice((True, False, "yes", "off"))
    if kind in ("int", "float"):
        return random_.choice(
            (
                -1,
                0,
                1,
                2,
                10**9,
                2**63,
                10**30,
                "0",
                "1",
                "-1",
                *(1.5, -0.5, 1e308, float("nan"), float("inf"), "nan", "inf", "1e400"),
            )
        )
    return random_.choice(TEXTS)


def base(module: str, row: Row, owned: str) -> dict[str, Any]:
    """Options with which the module works and changes nothing: a purchase is too dear, a number to give back is not
    owned.
    """
    application = row.application or "none"
    return {
        "account_info": {},
        "application_info": {},
        "available_number_info": dict(row.where),
        "number_assignment": {"numbers": [owned], "application": application},
        "number_configuration": {"numbers": [owned], **row.settings},
        "number_info": dict(row.where),
        "number_purchase": {
            **row.where,
            "count": 3,
            "max_monthly_price": "0.01",
            "max_monthly_total": "0.01",
            "currency": "EUR",
        },
        "number_release": {"numbers": ["+46700000000"]},
    }[module]


def spec(module: str) -> dict[str, dict[str, Any]]:
    """The options of *module* that a case may spoil."""
    found = importlib.import_module(f"{MODULES}.{module}").TASK.argument_spec
    return {option: one for option, one in found.items() if option not in _KEPT}


def case(random_: random.Random, module: str, row: Row, owned: str) -> dict[str, Any]:
    """The module's base options with one to four of them spoilt; never both limits of a purchase."""
    options = base(module, row, owned)
    specs = spec(module)
    weighed = [
        *specs,
        *(
            option
            for option in specs
            if option in options
            or option in row.credentials
            or option in ("filters", "id", "application", "offer", "numbers")
        ),
    ]
    for option in random_.sample(weighed, random_.choice((1, 1, 1, 2, 4))):
        if option in ("max_monthly_price", "max_monthly_total") and {"max_monthly_price", "max_monthly_total"} - {
            key for key in options if options[key] == "0.01"
        }:
            continue
        options[option] = typed(random_, specs[option])
        if option in ("numbers", "id") and module in ("number_info", "number_purchase"):
            options = {
                key: kept
                for key, kept in options.items()
                if key not in row.where and key != ("id" if option == "numbers" else "numbers")
            }
            if module == "number_purchase":
                options.pop("count", None)
    return options

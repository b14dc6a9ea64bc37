# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: numbers
short_description: Owned phone numbers as hosts
version_added: 1.0.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Each number that an account owns becomes a host, with what M(telco.numbers.number_info) returns about it as
    variables.
  - The configuration file is a YAML file whose name ends in C(telco_numbers.yml) or C(telco_numbers.yaml).
  - A host is named like its number, for example C(+15045550100), unless O(hostname) says otherwise.
  - The variables of a host are C(telco_numbers_account), the name of the account, and the keys of a number object with
    C(telco_numbers_) before them. They are C(telco_numbers_number), C(telco_numbers_provider), C(telco_numbers_id),
    C(telco_numbers_country), C(telco_numbers_type), C(telco_numbers_capabilities), C(telco_numbers_applications),
    C(telco_numbers_links), C(telco_numbers_area_code), C(telco_numbers_region), C(telco_numbers_city),
    C(telco_numbers_friendly_name), C(telco_numbers_tags),
    C(telco_numbers_setup_price), C(telco_numbers_monthly_price), C(telco_numbers_currency), C(telco_numbers_status),
    C(telco_numbers_expires) and C(telco_numbers_raw). A variable that is not known is null.
    RV(telco.numbers.number_info#module:numbers) describes them.
  - All hosts are in the group C(telco_numbers). Below it are the groups C(telco_numbers_account_NAME),
    C(telco_numbers_provider_NAME), C(telco_numbers_country_CODE), C(telco_numbers_type_TYPE),
    C(telco_numbers_capability_CAPABILITY) and C(telco_numbers_application_ID), for example C(telco_numbers_country_US).
    Characters that a group name cannot have are replaced by underscores. When a fact of a number is not known, the
    number is in no group of that kind.
  - Nobody can connect to a number, so each host has C(ansible_connection) C(local) and the controller's Python. A play
    over these hosts runs its tasks on the controller, once for each number.
  - A number that was given back and is still listed does not become a host.
  - Accounts are read whole. When one of them fails there is no host at all, rather than a part of them.
extends_documentation_fragment:
  - telco.numbers.options
  - telco.numbers.selector
  - constructed
  - inventory_cache
options:
  plugin:
    description: Marks the file as one for this plugin.
    type: str
    required: true
    choices:
      - telco.numbers.numbers
  provider:
    description:
      - The provider to read from.
      - Required, unless each of O(accounts) names its own.
    required: false
  accounts:
    description:
      - The accounts to read, each with a name of your choice and its options, which are those that open an account or
        select numbers.
      - An option that an account does not have is taken from the same option beside O(accounts).
      - Without it there is one account. Its options stand in the file itself, and its name is that of its provider.
    type: dict
  application:
    description:
      - Take only numbers that are linked to this application, for any capability.
      # generated: only linked_capabilities
      - Numbers can be linked to applications only at V(bandwidth), V(plivo_groups), V(sinch_catalog),
        V(sinch_portal), V(telnyx) and V(twilio). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  filters:
    description: Query fields of the provider's own list, as in O(telco.numbers.number_info#module:filters).
    type: dict
  hostname:
    description:
      - A Jinja2 expression that names a host, from the host's variables.
      - Two numbers with the same name are an error. With the default that can only happen when two accounts list the
        same number, or when a short code is used in several countries.
    type: str
    default: telco_numbers_number
notes:
  - Options that are text, and everything in O(accounts), may be templates, for example with a lookup or with extra
    variables, and may be encrypted with Ansible Vault.
  - When an inventory file fails, Ansible only warns of it and goes on without its hosts. Set
    E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED) to make it stop.
  - The controller makes the inventory, with its own environment, files and Python libraries.
  - The cache holds the variables of the hosts, and no credentials. Its key is the path of the file alone. So run once
    with C(--flush-cache) after you change the accounts or the selection.
seealso:
  - module: telco.numbers.number_info
    description: Lists owned numbers in a task.
"""

EXAMPLES = r"""
# telco_numbers.yml: one account, with credentials from the environment.
# ansible-inventory -i telco_numbers.yml --graph
plugin: telco.numbers.numbers
provider: plivo_groups

---
# production.telco_numbers.yml: several accounts, cached for ten minutes.
plugin: telco.numbers.numbers
timeout: 10
accounts:
  support:
    provider: sinch_catalog
    account_id: ACsandbox
    api_key: sandbox-catalog-key
    api_secret: "{{ lookup('ansible.builtin.env', 'SINCH_KEY_SECRET') }}"
  marketing:
    provider: infobip_sms
    api_key: "{{ lookup('ansible.builtin.env', 'INFOBIP_API_KEY') }}"
    country: GB
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/telco_numbers/inventory
cache_timeout: 600

---
# telco_numbers.yml: hosts, variables and groups of your own.
plugin: telco.numbers.numbers
provider: sinch_catalog
hostname: telco_numbers_account ~ telco_numbers_number
strict: true
compose:
  monthly: telco_numbers_monthly_price | default('0', true) | float
groups:
  not_linked: not telco_numbers_applications
  in_louisiana: telco_numbers_region == 'LA'
keyed_groups:
  - key: telco_numbers_status
    prefix: status
    parent_group: telco_numbers
"""

import contextlib
import os
import typing as t

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ..module_utils._core.model import LEAVING
from ..module_utils._tasks import number_info
from ..module_utils._tasks.plain import plain
from ..module_utils._tasks.task import Task
from ..plugin_utils import _hosts, _task

_Numbers = t.Sequence[t.Mapping[str, t.Any]]  # number objects that name their account too

TASK = Task(
    {option: spec for option, spec in number_info.OPTIONS.items() if option not in ("numbers", "id")},
    number_info.operate,
)
ENDINGS = ("telco_numbers.yml", "telco_numbers.yaml")
GROUP = "telco_numbers"


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Owned numbers as hosts."""

    NAME = "telco.numbers.numbers"

    def verify_file(self, path: str) -> bool:
        """Whether the name of the file *path* is one for this plugin. Raises AnsibleParserError, which says how to call
        a file that names this plugin and is not called so.
        """
        return bool(super().verify_file(path)) and _hosts.is_called(path, self.NAME, ENDINGS)

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Fill the inventory. Raises AnsibleParserError, before there is any host, for an account that cannot be
        read.
        """
        super().parse(inventory, loader, path, cache)
        config = self._read_config_data(path)
        hosts = self._hosts(self._numbers(config, self.get_cache_key(path), cache))
        self.inventory.add_group(GROUP)
        for group in sorted({group for facts in hosts.values() for group in self._groups(facts)}):
            self.inventory.add_group(group)
            self.inventory.add_child(GROUP, group)
        for name, facts in hosts.items():
            self._add(name, facts)

    # -- what is owned -------------------------------------------------------------------------------------------------

    def _numbers(self, config: t.Mapping[str, t.Any], key: str, cache: bool) -> _Numbers:
        """Return the numbers that the accounts own, from the cache when it is in use and has them."""
        cached = self.get_option("cache")
        if cached and cache:
            with contextlib.suppress(KeyError):
                return t.cast(_Numbers, self._cache[key])
        numbers = [
            number for name, arguments in self._accounts(config).items() for number in self._owned(name, arguments)
        ]
        if cached:
            self._cache[key] = numbers
        return numbers

    def _owned(self, account: str, arguments: t.Mapping[str, t.Any]) -> _Numbers:
        try:
            found = _task.run(TASK, "telco.numbers.number_info", arguments, os.environ)["numbers"]
        except _task.Failed as error:
            raise AnsibleParserError(f"account {account}: {error} ({error.code})") from None
        return [{"account": account, **number} for number in found if number["status"] != LEAVING]

    def _accounts(self, config: t.Mapping[str, t.Any]) -> dict[str, dict[str, t.Any]]:
        """Return the arguments of each account, by its name."""
        known = {*self.option_definitions, *_task.aliases(TASK)}
        unknown = sorted(str(option) for option in config if option not in known)
        if unknown:
            raise AnsibleParserError(
                f"unknown option {', '.join(unknown)}; there are {', '.join(sorted(self.option_definitions))}."
            )
        options = {*TASK.argument_spec, *_task.aliases(TASK)}
        shared = self._resolved("the file", {option: value for option, value in config.items() if option in options})
        accounts = config.get("accounts")
        if not accounts and not shared.get("provider"):
            raise AnsibleParserError("provider is missing: name the provider, or the accounts to read.")
        if not accounts:
            return {shared["provider"]: shared}
        wrong = [str(name) for name, given in accounts.items() if not isinstance(given, t.Mapping)]
        if wrong:
            raise AnsibleParserError(f"account {wrong[0]}: must be a mapping of options.")
        return {str(name): {**shared, **self._resolved(f"account {name}", given)} for name, given in accounts.items()}

    def _resolved(self, place: str, options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Return *options* with aliases replaced, templates evaluated and encrypted values decrypted."""
        self.templar.available_variables = self._vars
        found = {}
        for option, value in options.items():
            try:
                found[_task.aliases(TASK).get(option, option)] = plain(self.templar.template(value))
            except Exception as error:  # a template may raise anything
                # Only the error's own words are shown: the lines of the file around it may hold a secret.
                raise AnsibleParserError(f"{place}: {option} cannot be read: {' '.join(str(error).split())}") from None
        return found

    # -- hosts ---------------------------------------------------------------------------------------------------------

    def _hosts(self, numbers: _Numbers) -> dict[str, dict[str, t.Any]]:
        """Return the variables of each host, by its name. A text from a provider is never a template."""
        hosts: dict[str, dict[str, t.Any]] = {}
        for number in numbers:
            facts = {f"telco_numbers_{fact}": _hosts.inert(value) for fact, value in number.items()}
            name = self._name(facts)
            if name in hosts:
                other = hosts[name]
                raise AnsibleParserError(
                    f"{number['number']} of account {number['account']} and {other['telco_numbers_number']} of account "
                    f"{other['telco_numbers_account']} "
                    f"would both be the host {name}: set hostname to an expression that tells them apart."
                )
            hosts[name] = facts
        return hosts

    def _name(self, facts: t.Mapping[str, t.Any]) -> str:
        try:
            name = self._compose(self.get_option("hostname"), facts)
        except Exception as error:  # an expression may raise anything
            raise AnsibleParserError(f"hostname cannot be made for {facts['telco_numbers_number']}: {error}") from None
        if not isinstance(name, str) or not name:
            raise AnsibleParserError(f"hostname must come to text, not {name!r}, for {facts['telco_numbers_number']}.")
        return name

    def _add(self, name: str, facts: t.Mapping[str, t.Any]) -> None:
        self.inventory.add_host(name)
        for key, value in {**facts, **_hosts.on_controller()}.items():
            self.inventory.set_variable(name, key, value)
        for group in self._groups(facts):
            self.inventory.add_child(group, name)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), facts, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), facts, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), facts, name, strict=strict)

    def _groups(self, facts: t.Mapping[str, t.Any]) -> list[str]:
        """Return the names of the groups that the number is in."""
        found = [(kind, facts[f"telco_numbers_{kind}"]) for kind in ("account", "provider", "country", "type")]
        found += [("capability", capability) for capability in facts["telco_numbers_capabilities"] or ()]
        found += [("application", application) for application in facts["telco_numbers_applications"].values()]
        return [self._sanitize_group_name(f"{GROUP}_{kind}_{value}") for kind, value in dict.fromkeys(found) if value]

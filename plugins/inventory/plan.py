# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: plan
short_description: The accounts of a numbers plan as hosts
version_added: 1.0.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Each account that a numbers plan uses or defines becomes a host, with its pools in the order of the plan. A play
    over these hosts works on several accounts at the same time, as C(--forks) or the slices of an AWX job allow, while
    the pools of one account stay in one place and in order.
  - The configuration file is a YAML file whose name ends in C(telco_plan.yml) or C(telco_plan.yaml).
  - The variables of a host are C(telco_numbers_plan), its pools, C(telco_numbers_account), its name in the plan, and
    C(telco_numbers_provider). The roles of this collection take them as they are.
  - All hosts are in the group C(telco_numbers_accounts), which has the variables C(telco_numbers_accounts) and
    C(telco_numbers_limits) of the plan. Below it is a group for each provider, C(telco_numbers_accounts_) and its name.
  - Nobody can connect to an account, so each host has C(ansible_connection) C(local) and the controller's Python.
  - The plan is checked whole. With any mistake in it there is no host at all, and all mistakes are reported.
extends_documentation_fragment:
  - constructed
options:
  plugin:
    description: Marks the file as one for this plugin.
    type: str
    required: true
    choices:
      - telco.numbers.plan
  plan_file:
    description:
      - The YAML file with the variables C(telco_numbers_plan), C(telco_numbers_accounts) and C(telco_numbers_limits).
        The role P(telco.numbers.provision#role) describes them.
      - A relative path starts from the folder of the configuration file.
    type: str
    required: true
notes:
  - Nothing is requested of a provider, and nothing is cached. Reading the file is all there is.
  - Text in the plan may be a template, for example with a lookup, and may be encrypted with Ansible Vault. It stays so
    in the variables of the hosts.
  - Give secrets by lookups, by Ansible Vault or by the environment, because C(ansible-inventory --list) shows variables
    as they are.
seealso:
  - plugin: telco.numbers.numbers
    plugin_type: inventory
    description: Owned numbers as hosts.
"""

EXAMPLES = r"""
# production.telco_plan.yml, beside the plan in numbers.yml
# ansible-inventory -i production.telco_plan.yml --graph
# ansible-playbook -i production.telco_plan.yml telco.numbers.provision -e provision_hosts=telco_numbers_accounts
# --forks 4
plugin: telco.numbers.plan
plan_file: numbers.yml

---
# production.telco_plan.yml: groups of your own.
plugin: telco.numbers.plan
plan_file: numbers.yml
strict: true
groups:
  big: telco_numbers_plan | length > 10
"""

import inspect
import os
import typing as t

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable

from ..module_utils._plans.model import Account, Plan, PlanError
from ..module_utils._tasks import plan as _plan
from ..plugin_utils import _hosts

ENDINGS = ("telco_plan.yml", "telco_plan.yaml")
GROUP = "telco_numbers_accounts"
VARIABLES = ("telco_numbers_plan", "telco_numbers_accounts", "telco_numbers_limits")


class InventoryModule(BaseInventoryPlugin, Constructable):
    """The accounts of a numbers plan as hosts."""

    NAME = "telco.numbers.plan"

    def verify_file(self, path: str) -> bool:
        """Whether the name of the file *path* is one for this plugin. Raises AnsibleParserError, which says how to call
        a file that names this plugin and is not called so.
        """
        return bool(super().verify_file(path)) and _hosts.is_called(path, self.NAME, ENDINGS)

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Fill the inventory. Raises AnsibleParserError, before there is any host, for a plan with mistakes."""
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        pools, accounts, limits = self._load(
            os.path.join(os.path.dirname(path), os.path.expanduser(self.get_option("plan_file")))
        )
        plan = self._read(pools, accounts, limits)
        self.inventory.add_group(GROUP)
        self.inventory.set_variable(GROUP, "telco_numbers_accounts", accounts)
        self.inventory.set_variable(GROUP, "telco_numbers_limits", limits)
        limited = sorted({pool.account.name for pool in plan.pools}) if limits else []
        self.inventory.set_variable(GROUP, "telco_numbers_limited_accounts", [*map(_hosts.trusted, limited)])
        for name in dict.fromkeys([*(pool.account.name for pool in plan.pools), *(str(name) for name in accounts)]):
            own = [raw for raw, pool in zip(pools, plan.pools) if pool.account.name == name]
            self._add(plan.accounts[name], own)

    def _load(self, path: str) -> tuple[t.Any, t.Any, t.Any]:
        """Return the pools, accounts and limits in the file, with templates and encrypted texts unchanged."""
        trusted = (
            {"trusted_as_template": True}
            if "trusted_as_template" in inspect.signature(self.loader.load_from_file).parameters
            else {}
        )
        content = self.loader.load_from_file(path, **trusted)
        if not isinstance(content, t.Mapping) or not isinstance(content.get(VARIABLES[0]), list):
            raise AnsibleParserError(f"{path}: {VARIABLES[0]} must be there and be a list of pools.")
        pools, accounts, limits = (content.get(variable) for variable in VARIABLES)
        return pools, accounts or {}, limits or {}

    def _read(self, pools: t.Any, accounts: t.Any, limits: t.Any) -> Plan:
        self.templar.available_variables = self._vars
        try:
            values = [self.templar.template(value) for value in (pools, accounts, limits)]
        except (
            Exception
        ) as error:  # a template may raise anything; its own words alone, for lines of the file may hold secrets
            raise AnsibleParserError(f"the plan cannot be read: {' '.join(str(error).split())}") from None
        try:
            return _plan.read(*values)
        except PlanError as error:
            raise AnsibleParserError("the numbers plan has mistakes:\n" + "\n".join(error.problems)) from None

    def _add(self, account: Account, pools: t.Sequence[t.Any]) -> None:
        """Add a host for *account*, in the group of its provider."""
        group = self._sanitize_group_name(f"{GROUP}_{account.provider}")
        self.inventory.add_group(group)
        self.inventory.add_child(GROUP, group)
        self.inventory.add_host(account.name, group)
        names = {"telco_numbers_account": account.name, "telco_numbers_provider": account.provider}
        facts = {**{key: _hosts.trusted(name) for key, name in names.items()}, VARIABLES[0]: pools}
        for key, value in {**facts, **_hosts.on_controller()}.items():
            self.inventory.set_variable(account.name, key, value)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), facts, account.name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), facts, account.name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), facts, account.name, strict=strict)

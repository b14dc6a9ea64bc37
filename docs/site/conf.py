# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The site that ``make docs`` builds: what is here, the guides of docs/docsite, docs/*.md, and the reference that
antsibull-docs makes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

REPOSITORY = "https://github.com/telco-numbers/telco.numbers/blob/main/"

project = "telco.numbers"
copyright = "telco.numbers contributors"
title = html_title = html_short_title = "telco.numbers"

# Nothing is fetched, so it builds without a network.
extensions = ["sphinx_antsibull_ext", "myst_parser"]
myst_heading_anchors = 3

html_theme = "sphinx_ansible_theme"
html_theme_options = {"documentation_home_url": "index.html", "vcs_pageview_mode": "blob", "topbar_links": {}}
html_show_sphinx = False
html_copy_source = False
html_use_index = False
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
display_version = False

default_role = "any"
nitpicky = True
# Pages of Ansible's own documentation, and its own variables, which antsibull-docs refers to.
nitpick_ignore = [
    ("std:ref", "action_plugins"),
    ("std:ref", "ansible_configuration_settings"),
    ("std:ref", "common_return_values"),
]
nitpick_ignore_regex = [(r"(std:)?envvar", "ANSIBLE_.*")]


def lead_home(app: Any, page: str, source: list[str]) -> None:
    """Let the links of Markdown pages to other files of the repository lead to where it is."""
    if Path(app.env.doc2path(page)).suffix == ".md":
        source[0] = source[0].replace("](../", f"]({REPOSITORY}")


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("source-read", lead_home)

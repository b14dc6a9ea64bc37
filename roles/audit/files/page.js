/*
 * Copyright: (c) 2026, telco.numbers contributors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
"use strict";

// Sorting and searching. Without this script the page shows everything in the order of the report.
document.documentElement.classList.add("script");

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

// What a cell is sorted by: what it says so itself, else its text, in which digits count as numbers.
const valueOf = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();

const inOrder = (first, second, plain) => (plain ? Number(first > second) - Number(first < second) : collator.compare(first, second));

// Rows without a value come last, whichever way the others are sorted.
const compare = (column, direction) => (one, other) => {
  const first = valueOf(one, column);
  const second = valueOf(other, column);
  if (!first || !second) {
    return Number(!first) - Number(!second);
  }
  return direction * inOrder(first, second, "sort" in one.cells[column].dataset);
};

const sort = (table, head) => {
  const descending = head.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) {
    other.setAttribute("aria-sort", "none");
  }
  head.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const body = table.tBodies[0];
  body.append(...Array.from(body.rows).sort(compare(head.cellIndex, descending ? -1 : 1)));
};

for (const table of document.querySelectorAll("table.sortable")) {
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, head));
    head.append(button);
    head.setAttribute("aria-sort", "none");
  }
}

const search = document.getElementById("search");
if (search) {
  const drifting = document.getElementById("drifting");
  const shown = document.getElementById("shown");
  const rows = Array.from(document.getElementById("numbers").tBodies[0].rows);
  const texts = new Map(rows.map((row) => [row, Array.from(row.cells, (cell) => cell.textContent).join(" ").toLowerCase()]));
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => texts.get(row).includes(word)) || (drifting.checked && !row.dataset.drift);
      count += row.hidden ? 0 : 1;
    }
    shown.textContent = `${count} of ${rows.length}`;
  };
  search.addEventListener("input", filter);
  drifting.addEventListener("change", filter);
  filter();
}

// Tables that sort by a click on a heading and filter by what is typed; figures wider than a small window are reached
// by keyboard. Without it, pages read the same.
"use strict";
(() => {
  const valueOf = (row, place) => {
    const cell = row.cells[place];
    const given = cell.dataset.value;
    if (given === undefined) return cell.textContent.trim();
    const [first] = given.split(";");
    return first === "inf" ? Infinity : first === "" ? NaN : Number(first);
  };
  const unknown = value => value === "" || value === "—" || Number.isNaN(value);
  const compare = (a, b) => typeof a === "number" && typeof b === "number"
    ? a - b
    : String(a).localeCompare(String(b), "en", { numeric: true, sensitivity: "base" });

  const sort = (table, heading, place) => {
    const down = heading.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("thead th").forEach(other => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map(row => [valueOf(row, place), row]);
    rows.sort(([a], [b]) => unknown(a) - unknown(b) || (down ? compare(b, a) : compare(a, b)));
    const folded = body.querySelectorAll(".folded").length;
    body.append(...rows.map(([, row]) => row));
    rows.forEach(([, row], number) => row.classList.toggle("folded", number >= rows.length - folded));
  };

  const makeSortable = table => {
    [...table.tHead.rows[0].cells].forEach((heading, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      if (!heading.textContent.trim()) button.setAttribute("aria-label", "Sort by this column");
      button.append(...heading.childNodes);
      button.addEventListener("click", () => sort(table, heading, place));
      heading.append(button);
    });
  };

  const makeFilter = (box, table) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    const said = document.createElement("output");
    label.className = "filter";
    input.type = "search";
    input.setAttribute("aria-label", `Filter: ${table.caption.textContent}`);
    input.placeholder = "Filter";
    const all = table.tBodies[0].rows.length;
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every(word => text.includes(word));
        shown += !row.hidden;
      }
      table.classList.toggle("filtered", words.length > 0);
      said.textContent = words.length ? `${shown} of ${all} rows` : "";
    });
    label.append(input, said);
    box.before(label);
  };

  const unfold = box => {
    const details = box.nextElementSibling;
    if (!details || !details.matches("details.more-rows")) return;
    const rows = [...details.querySelectorAll("tbody tr")];
    const body = box.querySelector("tbody");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "more";
    button.textContent = details.querySelector("summary").textContent;
    rows.forEach(row => row.classList.add("folded"));
    body.append(...rows);
    button.addEventListener("click", () => {
      body.querySelectorAll(".folded").forEach(row => row.classList.remove("folded"));
      button.remove();
    });
    details.replaceWith(button);
  };

  for (const box of document.querySelectorAll(".table-box")) {
    const table = box.querySelector("table");
    if (!table || !table.tHead || !table.tBodies.length || !table.caption) continue;
    unfold(box);
    makeSortable(table);
    if (table.tBodies[0].rows.length > 8) makeFilter(box, table);
  }
  const reachFigures = () => document.querySelectorAll(".drawing").forEach(box => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute("tabindex");
  });
  addEventListener("load", reachFigures);
  addEventListener("resize", reachFigures);
  addEventListener("beforeprint", () => document.querySelectorAll("button.more").forEach(button => button.click()));
})();

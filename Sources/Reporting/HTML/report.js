"use strict";
for (const table of document.querySelectorAll("table.sorts")) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  heads.forEach((head, column) => {
    if (head.querySelector(".vh")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = row => row.cells[column].dataset.v ?? row.cells[column].textContent.trim();
      const compare = (a, b) => {
        const x = value(a), y = value(b), numeric = x !== "" && y !== "" && !isNaN(x) && !isNaN(y);
        if (x === "-" || y === "-") return x === y ? 0 : x === "-" ? 1 : -1;
        return (numeric ? x - y : x.localeCompare(y)) * (down ? -1 : 1);
      };
      body.append(...[...body.rows].sort(compare));
    });
  });
}
for (const figure of document.querySelectorAll("figure.curves")) {
  const readout = document.createElement("p"), boxes = figure.querySelectorAll(".legend input");
  readout.className = "readout";
  readout.setAttribute("aria-live", "polite");
  figure.querySelector(".legend").before(readout);
  const hint = boxes.length > 1 ? "Point at a line or its name for its values." : "";
  readout.textContent = hint;
  const tell = line => {
    readout.textContent = line ? line.querySelector("title").textContent : hint;
    for (const other of figure.querySelectorAll(".s")) other.style.opacity = line && other !== line ? .13 : "";
  };
  for (const line of figure.querySelectorAll(".s")) {
    line.addEventListener("pointerenter", () => tell(line));
    line.addEventListener("pointerleave", () => tell());
  }
  for (const box of boxes) {
    const line = figure.querySelector(".s.m" + box.value), label = box.closest("label");
    for (const event of ["pointerenter", "focusin"]) label.addEventListener(event, () => tell(line));
    for (const event of ["pointerleave", "focusout"]) label.addEventListener(event, () => tell());
  }
  if (boxes.length < 3) continue;
  const tools = document.createElement("span");
  tools.className = "tools";
  for (const [name, checked] of [["all", true], ["none", false]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.setAttribute("aria-label", "show " + name + " of the methods");
    button.addEventListener("click", () => { for (const box of boxes) box.checked = checked; });
    tools.append(button);
  }
  figure.querySelector(".legend").append(tools);
}
const reveal = () => {
  const box = document.getElementById(location.hash.slice(1))?.closest("details");
  if (box) box.open = true;
};
addEventListener("hashchange", reveal);
reveal();
addEventListener("beforeprint", () => { for (const part of document.querySelectorAll("details.section")) part.open = true; });

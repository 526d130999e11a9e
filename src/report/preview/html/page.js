"use strict";
const search = document.getElementById("search");
const found = document.getElementById("found");
const boxes = [...document.querySelectorAll("nav input[type=checkbox]")];
const layouts = [...document.querySelectorAll("section.layout")];
const changes = layouts.flatMap((layout) => {
  const name = layout.querySelector("h2").textContent;
  return [...layout.querySelectorAll("details.change")].map((element) => ({
    element,
    action: element.dataset.action,
    text: `${name}\n${element.textContent}`.toLowerCase(),
  }));
});

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  let shown = 0;
  for (const change of changes) {
    const hit = wanted.has(change.action) && words.every((word) => change.text.includes(word));
    change.element.hidden = !hit;
    shown += hit ? 1 : 0;
  }
  for (const layout of layouts) {
    layout.hidden = layout.querySelector("details.change:not([hidden])") === null;
  }
  found.textContent = `${shown} of ${changes.length} shown`;
}

function fold(open) {
  for (const change of changes) {
    change.element.open = open;
  }
}

search.addEventListener("input", show);
boxes.forEach((box) => box.addEventListener("change", show));
document.getElementById("open").addEventListener("click", () => fold(true));
document.getElementById("fold").addEventListener("click", () => fold(false));
document.querySelector("nav").hidden = false;
show();

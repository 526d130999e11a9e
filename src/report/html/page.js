"use strict";
// The address of the page holds what is shown, after the #: filter=create,destroy&q=words&open=1. So a filtered page can be
// linked to.
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
let opened = false;

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
  opened = open;
  for (const change of changes) {
    change.element.open = open;
  }
}

function read() {
  const state = new URLSearchParams(location.hash.slice(1));
  const only = state.get("filter");
  const wanted = only === null ? null : only.split(",");
  for (const box of boxes) {
    box.checked = wanted === null || wanted.includes(box.value);
  }
  search.value = state.get("q") ?? "";
  if (state.has("open") !== opened) {
    fold(state.has("open"));
  }
  show();
}

function write() {
  const checked = boxes.filter((box) => box.checked).map((box) => encodeURIComponent(box.value));
  const parts = [];
  if (checked.length < boxes.length) {
    parts.push(`filter=${checked.join(",")}`);
  }
  if (search.value !== "") {
    parts.push(`q=${encodeURIComponent(search.value)}`);
  }
  if (opened) {
    parts.push("open=1");
  }
  history.replaceState(null, "", `#${parts.join("&")}`);
}

function changed() {
  show();
  write();
}

search.addEventListener("input", changed);
boxes.forEach((box) => box.addEventListener("change", changed));
document.getElementById("open").addEventListener("click", () => { fold(true); write(); });
document.getElementById("fold").addEventListener("click", () => { fold(false); write(); });
window.addEventListener("hashchange", read);
document.querySelector("nav").hidden = changes.length === 0;
read();

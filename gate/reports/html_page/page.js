"use strict";
// All content is there without this script: it only hides what a reader does not look for.
const $ = (id) => document.getElementById(id);
const filtered = (form, items, noun, count, asked) => {
  if (!form) return;
  form.hidden = false;
  let texts; // read when somebody first asks: a large page opens sooner
  const total = items.length.toLocaleString("en");
  const apply = () => {
    texts ??= items.map((item) => item.textContent.toLowerCase());
    const wanted = asked();
    let shown = 0;
    items.forEach((item, number) => {
      const here = wanted(item, texts[number]);
      if (item.hidden === here) item.hidden = !here;
      shown += here;
    });
    count.textContent = `${shown.toLocaleString("en")} of ${total} ${noun}`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
};
const problems = [...document.querySelectorAll("#found > article[data-kind]")];
filtered($("filter"), problems, "problems", $("count"), () => {
  const boxes = [...$("filter").querySelectorAll("[name=kind]:checked")];
  const kinds = new Set(boxes.map((box) => box.value));
  const [least, rule] = [Number($("least").value), $("rule").value];
  const find = $("find").value.toLowerCase();
  return ({ dataset }, text) => kinds.has(dataset.kind) && Number(dataset.least) >= least &&
    (!rule || dataset.rule === rule) && text.includes(find);
});
const rows = [...document.querySelectorAll(".matrix tbody tr")];
filtered($("image-filter"), rows, "images", $("image-count"), () => {
  const [open, find] = [$("only-open").checked, $("find-image").value.toLowerCase()];
  return ({ dataset }, text) => (!open || dataset.clear === "no") && text.includes(find);
});
// A link to what a filter hides shows it again, and opens what it is in.
const reveal = () => {
  const there = location.hash && $(location.hash.slice(1));
  if (!there) return;
  if (there.hidden) $("filter").reset();
  there.hidden = false;
  const inside = there.closest("details");
  if (inside) inside.open = true;
  there.scrollIntoView();
};
addEventListener("hashchange", reveal);
reveal();
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details")) one.open = true;
});

// Opens pages in Chromium and answers, for each, what was asked of it. JSON in, JSON out.
// {"modules": FOLDER, "browser": FILE, "pages": [{"file", "width", "dark", "steps": [[NAME, …]]}]}
const fs = require("fs");
const path = require("path");
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const { chromium } = require(path.join(asked.modules, "playwright-core"));
const axe = fs.readFileSync(path.join(asked.modules, "axe-core", "axe.min.js"), "utf8");

const STEPS = {
  fill: (page, where, text) => page.fill(where, text),
  // A form is reset in the task after the click.
  click: async (page, where) => {
    await page.click(where);
    await page.evaluate(() => new Promise((done) => setTimeout(done)));
  },
  select: (page, where, value) => page.selectOption(where, value),
  press: (page, key) => page.keyboard.press(key),
  text: (page, where) => page.textContent(where),
  count: (page, where) => page.locator(where).count(),
  shown: (page, where) => page.locator(where).filter({ visible: true }).count(),
  focused: (page) => page.evaluate("document.activeElement.textContent"),
  hash: (page) => page.evaluate("location.hash"),
  run: (page, script) => page.evaluate(script),
  print: (page) => page.emulateMedia({ media: "print" }),
  pdf: async (page) => (await page.pdf({ format: "A4" })).length,
  picture: (page, file) => page.screenshot({ path: file }).then(() => file),
  axe: async (page) => {
    await page.evaluate(axe);
    const found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})");
    return found.violations.map((v) => `${v.id}: ${v.nodes.length}: ${v.nodes[0].html}`);
  },
};

const look = async (browser, wanted) => {
  const page = await browser.newPage({
    viewport: { width: wanted.width, height: 900 },
    colorScheme: wanted.dark ? "dark" : "light",
  });
  const said = [];
  const requests = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => { said.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => requests.push(request.url()));
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(`file://${wanted.file}`);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const { metrics } = await client.send("Performance.getMetrics");
  const seconds = metrics.find((one) => one.name === "ThreadTime").value;
  const answers = [];
  for (const [name, ...given] of wanted.steps) {
    const answer = await STEPS[name](page, ...given);
    answers.push(answer === undefined ? null : answer);
  }
  await page.close();
  return { answers, said, requests, seconds };
};

(async () => {
  const browser = await chromium.launch({ executablePath: asked.browser, args: ["--no-sandbox"] });
  const looks = [];
  for (const wanted of asked.pages) looks.push(await look(browser, wanted));
  await browser.close();
  process.stdout.write(JSON.stringify(looks));
})();

// Opens the pages of a folder in a browser and uses them as people do: with a mouse, by the keyboard alone, on a phone,
// without scripts, on paper, and with what screen readers get. `expected.json` says what has to be there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, folder, browserPath] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const { chromium } = require("playwright-core");
const { AxeBuilder } = require("@axe-core/playwright");
const expected = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8"));
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 800 };

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"],
});

async function open(name, options = {}) {
  const context = await browser.newContext({ viewport: DESKTOP, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(`${folder}/${name}.html`).href;
  page.on("request", (request) => assert.equal(request.url(), url, "the page loads nothing"));
  page.on("pageerror", (error) => assert.fail(error));
  page.on("console", (message) => assert.fail(message.text()));
  page.on("dialog", (dialog) => assert.fail(dialog.message()));
  await page.goto(url);
  return page;
}

const rows = (page) => page.locator("#finding-rows [role=rowgroup]:not(.names) [role=row]");
const cells = (page, style) => page.locator(`#finding-rows .c-${style}[role=cell]`).allTextContents();
const shown = (page, what, count, all) => page.waitForFunction(
  ([id, text]) => document.getElementById(id).textContent === text, [`shown-${what}`, `${count} of ${all} ${what}`]);

async function filters(page) {
  const { findings, repositories } = expected.small;
  await shown(page, "findings", findings.length, findings.length);
  for (const severity of ["error", "warning", "undetermined", "note"]) {
    await page.selectOption("#severity", severity);
    const count = findings.filter((one) => one.grade === severity).length;
    await shown(page, "findings", count, findings.length);
    assert.ok((await cells(page, "grade")).every((grade) => grade === severity));
  }
  await page.click("text=Clear");
  await page.selectOption("#rule", "scan-on-push");
  await shown(page, "findings", findings.filter((one) => one.rule === "scan-on-push").length, findings.length);
  assert.equal(await page.locator("#repository-rows [role=columnheader].c-verdict").count(), 1);
  await page.click("text=Clear");
  await page.fill("#text", "no such thing");
  await shown(page, "findings", 0, findings.length);
  await shown(page, "repositories", 0, repositories);
  await page.click("text=Clear");
  await shown(page, "repositories", repositories, repositories);
}

async function sorts(page) {
  const button = page.getByRole("columnheader", { name: "Rule" }).getByRole("button");
  await button.click();
  const up = await cells(page, "rule");
  assert.deepEqual(up, [...up].sort());
  assert.equal(await button.locator("..").getAttribute("aria-sort"), "ascending");
  await button.click();
  assert.deepEqual(await cells(page, "rule"), [...up].reverse());
  await page.getByRole("columnheader", { name: "Severity" }).getByRole("button").click();
}

// What the page marks is what the finding complains about.
async function marks(page) {
  for (const { rule, subject, marked } of expected.small.marks) {
    const row = rows(page).filter({ hasText: rule }).filter({ hasText: subject });
    await row.first().getByRole("button").click();
    assert.equal(await page.locator("#detail mark").first().textContent(), marked, rule);
    const verdict = page.locator("#repository-rows [role=row]").filter({ hasText: subject })
      .locator(`[title="${rule}: broken"]`);
    assert.equal(await verdict.textContent(), "✕");
  }
  await page.locator("#detail").getByRole("button", { name: "Copy" }).click();
  await page.locator("#detail").getByRole("button", { name: "Copied", exact: true }).waitFor();
}

async function keyboard(page) {
  const at = () => page.evaluate(() => document.activeElement.dataset.index ?? document.activeElement.id ?? "");
  await page.locator("#text").focus();
  for (let step = 0; step < 40 && (await at()) !== "0"; step += 1) await page.keyboard.press("Tab");
  assert.equal(await at(), "0", "the first finding is reached");
  await page.keyboard.press("ArrowDown");
  assert.equal(await at(), "1");
  await page.keyboard.press("End");
  assert.equal(await at(), String(expected.large.findings - 1), "the last row of many is reached");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  const title = await page.locator("#detail h3").textContent();
  assert.ok(title.includes(await rows(page).first().getByRole("button").textContent().then((text) => text.split("`")[0])));
  assert.ok(await page.evaluate(() => document.activeElement.closest("#detail") !== null), "the finding has the focus");
  await page.keyboard.press("Escape");
  assert.equal(await at(), "0", "the way back");
}

async function isAccessible(page, what) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(violations.map((one) => [one.id, one.nodes.map((node) => node.html)]), [], what);
}

async function many(page) {
  const { findings, repositories } = expected.large;
  await shown(page, "findings", findings, findings);
  await shown(page, "repositories", repositories, repositories);
  await page.waitForFunction((text) => document.getElementById("shown-access").textContent === text,
    `${repositories} of ${repositories} rows`);
  const drawn = await page.locator("[role=row]").count();
  assert.ok(drawn < 200, `${drawn} rows are drawn of ${repositories}`);
  const took = await page.evaluate(() => {
    const start = performance.now();
    for (const top of [0, 100_000, 5_000, 200_000]) {
      document.getElementById("repository-rows").scrollTop = top;
      document.getElementById("repository-rows").dispatchEvent(new Event("scroll"));
    }
    return Math.round(performance.now() - start);
  });
  console.log(`scrolling over ${repositories} repositories: ${took} ms`);
}

const accessRows = (page) => page.locator("#access-rows [role=rowgroup]:not(.names) [role=row]");
const search = async (page, words, rows) => {
  await page.fill("#text", words);
  await page.waitForFunction((start) => document.getElementById("shown-access").textContent.startsWith(start), `${rows} of `);
};

// Who may do what, as `ecrlint access` has it, and what becomes of images, as `ecrlint lifecycle preview` has it.
async function living(page) {
  const { principals, hidden, timelines, repositories } = expected.living;
  await search(page, "team/api ecr.yaml", principals.length);
  assert.deepEqual(await accessRows(page).getByRole("button").allTextContents(), principals);
  const row = accessRows(page).filter({ hasText: "222222222222" });
  assert.deepEqual(await row.locator(".a-push, .a-pull").allTextContents(), ["yes", "yes"]);
  await row.getByRole("button").click();
  const detail = page.locator("#access-detail");
  for (const part of ["PutImage", "Undetermined, because the stack's account is not known.", "ecr.yaml:18", "Builder"]) {
    assert.ok((await detail.textContent()).includes(part), part);
  }
  await page.keyboard.press("Escape");
  assert.ok((await page.evaluate(() => document.activeElement.textContent)).includes("222222222222"), "the way back");
  await search(page, "team/hidden default", 1);
  assert.ok((await accessRows(page).textContent()).includes(hidden), "why it is undetermined");
  await page.click("text=Clear");
  for (const { name, expired, images } of timelines) {
    const article = page.locator("article.lifecycle").filter({ has: page.getByRole("heading", { name, exact: true }) });
    assert.ok((await article.textContent()).includes(`${expired} of ${images} images expire`), name);
    const labels = await article.getByRole("img").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
    assert.ok(labels.length > 0 && labels.every((label) => /from 2026-\d\d-\d\d: (all|few|most|nothing|undetermined)/.test(label)), labels);
    await page.fill("#text", name);
    await page.waitForFunction(() => [...document.querySelectorAll("article.lifecycle")].filter((one) => !one.hidden).length === 1);
    assert.ok(await article.isVisible());
    await page.click("text=Clear");
  }
  // What is not a repository has columns of its own, and is not asked what repositories are.
  await page.waitForFunction((text) => document.getElementById("shown-repositories").textContent === text,
    `${repositories} of ${repositories} repositories, 2 of 2 others`);
  const asked = page.locator("#repository-rows [role=row]").filter({ hasText: "registry Registry" });
  assert.ok(await asked.locator('[aria-label="not asked"]').count() > 10);
  const own = page.locator("#repository-rows [role=row]").filter({ hasText: "team/multi" });
  assert.equal(await own.locator('[aria-label="not asked"]').count(), 0);
}

async function hostile(page) {
  assert.equal(await page.locator("img, iframe, object, link, base, svg").count(), 0);
  assert.equal(await page.locator("script").count(), 2, "the data and the script");
  assert.ok((await page.locator("body").textContent()).includes("<script>alert(1)</script>"), "names are shown as they are");
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    return window.ran === true;
  }).catch(() => false);
  assert.equal(ran, false, "the policy lets no other script run");
}

let page = await open("small");
await filters(page);
await sorts(page);
await marks(page);
await page.screenshot({ path: `${folder}/desktop.png`, fullPage: true });
await page.emulateMedia({ media: "print" });
assert.ok(await page.locator(".plain").isVisible() && !(await page.locator(".live").isVisible()), "paper has all findings");

page = await open("small", { javaScriptEnabled: false });
assert.equal(await page.locator(".plain article").count(), expected.small.findings.length);
assert.ok(await page.locator(".plain article").first().isVisible() && !(await page.locator(".live").isVisible()));

page = await open("living", { javaScriptEnabled: false });
for (const words of ["Who may do what", "What becomes of images"]) {
  assert.ok(await page.getByRole("heading", { name: words }).isVisible(), words);
}
assert.ok(await page.getByRole("row").filter({ hasText: "team/hidden" }).filter({ hasText: expected.living.hidden.replaceAll("`", "") }).isVisible());
page = await open("living");
await living(page);

const start = performance.now();
page = await open("large");
await many(page);
console.log(`opening ${expected.large.repositories} repositories: ${Math.round(performance.now() - start)} ms`);
await keyboard(page);
page = await open("large", { bypassCSP: true });
await isAccessible(page, "large");

for (const name of ["small", "living", "hostile", "hostile-live"]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const viewport of [DESKTOP, PHONE]) {
      page = await open(name, { colorScheme, viewport, bypassCSP: true });
      await page.locator('#access-rows [data-index="0"]').click();
      await page.locator('#finding-rows [data-index="0"]').click();
      await isAccessible(page, `${name}, ${colorScheme}, ${viewport.width}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${name} is ${wide} pixels wider than ${viewport.width}`);
      if (!name.startsWith("hostile")) await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${viewport.width}.png`, fullPage: true });
      await page.context().close();
    }
  }
  page = await open(name, { javaScriptEnabled: true, bypassCSP: true });
  await page.evaluate(() => { document.querySelector(".live").hidden = true; document.querySelector(".plain").hidden = false; });
  await isAccessible(page, `${name} without a script`);
}

for (const name of ["hostile", "hostile-live"]) {
  page = await browser.newContext().then((context) => context.newPage());
  await page.goto(pathToFileURL(`${folder}/${name}.html`).href);
  await hostile(page);
}
await browser.close();

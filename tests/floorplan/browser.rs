//! The reports in a browser: filter, search and fold work in headless Chromium, links lead to a filtered page, and all
//! can be read in light, in dark and on a narrow screen. So can pictures of networks.
//!
//! Chromium is asked in its DevTools protocol over two pipes, messages of JSON that end with a zero byte. The pages are
//! the examples that unit tests hold byte by byte, and that of a run.

use crate::support::World;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// The number of visible elements for a selector.
const VISIBLE: &str = "(s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).length)";

/// A page in Chromium, which ends with it.
struct Browser {
    process: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    session: Option<String>,
    number: u64,
    /// Errors of the page's script, and what its policy kept from running.
    errors: Vec<String>,
    _profile: TempDir,
}

/// Chromium, by one of its names. Without it nothing would be tested, so that is a failure.
fn chromium() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found =
        std::env::split_paths(&path).flat_map(|dir| names.map(|name| dir.join(name))).find(|file| file.is_file());
    found.expect("Chromium is not installed, and the HTML reports are tested in it (Debian: apt install chromium)")
}

impl Browser {
    fn start() -> Self {
        let profile = TempDir::new().expect("a folder");
        let mut data = std::ffi::OsString::from("--user-data-dir=");
        data.push(profile.path());
        // The protocol is on the descriptors 3 and 4, which the shell makes from the standard ones.
        let mut process = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null 1>&2"])
            .arg(chromium())
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
            .args(["--remote-debugging-pipe"])
            .arg(data)
            .arg("about:blank")
            .env("HOME", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Chromium starts");
        let to = process.stdin.take().expect("a pipe");
        let mut answers = BufReader::new(process.stdout.take().expect("a pipe"));
        let (sender, from) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while answers.read_until(0, &mut message).is_ok_and(|length| length > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else { return };
                if sender.send(value).is_err() {
                    return;
                }
                message.clear();
            }
        });
        let mut browser =
            Browser { process, to, from, session: None, number: 0, errors: Vec::new(), _profile: profile };
        let page = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": page["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", attach)["sessionId"].as_str().map(str::to_owned);
        browser.session = session;
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            browser.call(domain, json!({}));
        }
        browser
    }

    /// Calls a method and waits for its answer; what happens meanwhile is noted if it is an error of the page.
    fn ask(&mut self, method: &str, parameters: Value) -> Result<Value, String> {
        self.number += 1;
        let mut message = json!({ "id": self.number, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        self.to.write_all(format!("{message}\0").as_bytes()).map_err(|e| format!("Chromium is gone: {e}"))?;
        loop {
            let answer = self.from.recv_timeout(ANSWER_WITHIN).map_err(|_| "no answer".to_owned())?;
            if answer["id"] == self.number {
                return if answer["error"].is_null() { Ok(answer["result"].clone()) } else { Err(answer.to_string()) };
            }
            let is_error = answer["method"] == "Runtime.exceptionThrown"
                || answer["method"] == "Log.entryAdded" && answer["params"]["entry"]["level"] == "error";
            if is_error {
                self.errors.push(answer.to_string());
            }
        }
    }

    /// The same for a call that cannot fail.
    #[track_caller]
    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.ask(method, parameters).unwrap_or_else(|why| panic!("{method}: {why}"))
    }

    /// The value of an expression of JavaScript in the page.
    #[track_caller]
    fn value(&mut self, expression: &str) -> Value {
        let result = self.call("Runtime.evaluate", json!({ "expression": expression, "returnByValue": true }));
        assert!(result["exceptionDetails"].is_null(), "{expression}: {result}");
        result["result"]["value"].clone()
    }

    /// Opens a file, at a fragment of it.
    #[track_caller]
    fn open(&mut self, file: &Path, fragment: &str) {
        // Another page lies between, so that the fragment alone does not count as the same page.
        for address in ["about:blank".to_owned(), format!("file://{}{fragment}", file.display())] {
            self.call("Page.navigate", json!({ "url": address }));
            let name = address.split('#').next().unwrap_or_default();
            self.wait(&format!("document.readyState === 'complete' && location.href.split('#')[0] === {name:?}"));
        }
    }

    /// Waits for a condition. A page that is being left has none.
    #[track_caller]
    fn wait(&mut self, condition: &str) {
        let end = Instant::now() + ANSWER_WITHIN;
        let call = json!({ "expression": condition, "returnByValue": true });
        while !self.ask("Runtime.evaluate", call.clone()).is_ok_and(|found| found["result"]["value"] == true) {
            assert!(Instant::now() < end, "{condition} does not become true");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// How many elements can be seen.
    #[track_caller]
    fn visible(&mut self, selector: &str) -> u64 {
        self.value(&format!("{VISIBLE}({selector:?})")).as_u64().expect("a number")
    }

    /// How many entries can be seen, and how many of them are unfolded.
    #[track_caller]
    fn entries(&mut self) -> (u64, u64) {
        (self.visible("details.change > summary"), self.visible("details.change > summary + *"))
    }

    /// Clicks the middle of an element with the mouse.
    #[track_caller]
    fn click(&mut self, selector: &str) {
        let place = self.value(&format!(
            "(e => {{ e.scrollIntoView({{ block: 'center' }}); const r = e.getBoundingClientRect(); \
             return [r.x + r.width / 2, r.y + r.height / 2]; }})(document.querySelector({selector:?}))"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let at = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", at);
        }
    }

    /// Types into the search what it is to hold.
    #[track_caller]
    fn search(&mut self, words: &str) {
        self.value("document.getElementById('search').focus(); document.getElementById('search').select()");
        if words.is_empty() {
            for kind in ["keyDown", "keyUp"] {
                self.call(
                    "Input.dispatchKeyEvent",
                    json!({ "type": kind, "key": "Delete", "windowsVirtualKeyCode": 46 }),
                );
            }
        } else {
            self.call("Input.insertText", json!({ "text": words }));
        }
        assert_eq!(self.value("document.getElementById('search').value"), words);
    }

    #[track_caller]
    fn found(&mut self) -> String {
        self.value("document.getElementById('found').textContent").as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    fn fragment(&mut self) -> String {
        self.value("location.hash").as_str().unwrap_or_default().to_owned()
    }

    /// The lowest contrast of a text to its ground, by the formula of WCAG 2, with its element.
    #[track_caller]
    fn contrast(&mut self) -> (f64, String) {
        let lowest = self.value(
            "(() => {
              const light = (c) => { const v = c / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
              const parts = (text) => text.match(/[\\d.]+/g).map(Number);
              const shine = (text) => { const [r, g, b] = parts(text).map(light); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
              const ground = (e) => {
                for (; e; e = e.parentElement) {
                  const colour = getComputedStyle(e).backgroundColor;
                  if ((parts(colour)[3] ?? 1) > 0) return colour;
                }
                throw new Error('no ground');
              };
              let lowest = [99, ''];
              for (const e of document.querySelectorAll('body *')) {
                if (!e.checkVisibility() || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
                const [a, b] = [shine(getComputedStyle(e).color), shine(ground(e))];
                const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (ratio < lowest[0]) lowest = [ratio, e.outerHTML.slice(0, 120)];
              }
              return lowest;
            })()",
        );
        (lowest[0].as_f64().expect("a number"), lowest[1].to_string())
    }

    /// All can be read in both colour schemes, and the page is not wider than a telephone.
    #[track_caller]
    fn can_be_read_everywhere(&mut self) {
        let mut grounds = Vec::new();
        for scheme in ["light", "dark"] {
            let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
            grounds.push(self.value("getComputedStyle(document.body).backgroundColor"));
            let (lowest, of) = self.contrast();
            assert!(lowest >= 4.5, "{scheme}: a contrast of {lowest:.2}: {of}");
        }
        assert_ne!(grounds[0], grounds[1], "dark is another ground than light");
        let narrow = json!({ "width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", narrow);
        let width = self.value("document.documentElement.scrollWidth");
        assert!(width.as_u64().expect("a number") <= 390, "the page is {width} wide");
        self.call("Emulation.clearDeviceMetricsOverride", json!({}));
    }

    /// In both colour schemes all texts of a picture lie in their boxes as they are really drawn, and can be read. A
    /// screenshot of each is kept for a person to look at.
    #[track_caller]
    fn is_a_good_picture(&mut self, name: &str) {
        let outside = "[...document.querySelectorAll('g')].flatMap((g) => {
            const box = g.querySelector('rect').getBoundingClientRect();
            return [...g.querySelectorAll('text')].filter((text) => {
              const own = text.getBoundingClientRect();
              return own.left < box.left - 1 || own.right > box.right + 1 || own.top < box.top - 1 || own.bottom > box.bottom + 1;
            }).map((text) => text.textContent);
          })";
        let contrast = "(() => {
            const light = (c) => { const v = c / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
            const shine = (e) => {
              const [r, g, b] = getComputedStyle(e).fill.match(/[\\d.]+/g).map(Number).map(light);
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const ground = document.querySelector('.ground');
            return Math.min(...[...document.querySelectorAll('text')].map((text) => {
              const a = shine(text), b = shine(text.closest('g')?.querySelector('rect') ?? ground);
              return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            }));
          })()";
        let mut shots = Vec::new();
        for scheme in ["light", "dark"] {
            let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
            assert_eq!(self.value(outside), json!([]), "{name}, {scheme}: texts leave their boxes");
            let lowest = self.value(contrast).as_f64().expect("a number");
            assert!(lowest >= 4.5, "{name}, {scheme}: a contrast of {lowest:.2}");
            let shot = self.call("Page.captureScreenshot", json!({ "captureBeyondViewport": true }));
            let shot = STANDARD.decode(shot["data"].as_str().expect("a picture")).expect("base64");
            assert!(shot.starts_with(b"\x89PNG") && shot.len() > 20_000, "{name}, {scheme}: {} bytes", shot.len());
            let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{scheme}.png"));
            std::fs::write(file, &shot).expect("the screenshot is kept");
            shots.push(shot);
        }
        assert!(shots[0] != shots[1], "{name}: dark is not light");
    }

    #[track_caller]
    fn has_no_errors(&self) {
        assert!(self.errors.is_empty(), "{}", self.errors.join("\n"));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

#[test]
fn a_preview_is_filtered_searched_and_folded() {
    let mut page = Browser::start();
    page.open(&example("preview/page.html"), "");
    assert_eq!((page.entries(), page.found().as_str()), ((10, 0), "10 of 10 shown"));
    assert_eq!((page.visible("nav"), page.visible("section.layout")), (1, 3));

    page.click("details.change > summary .action.replace");
    assert_eq!(page.entries(), (10, 1));
    page.click("#open");
    assert_eq!((page.entries(), page.fragment().as_str()), ((10, 10), "#open=1"));
    page.click("#fold");
    assert_eq!((page.entries(), page.fragment().as_str()), ((10, 0), ""));

    page.search("443 PRODUCTION");
    assert_eq!((page.entries(), page.found().as_str()), ((1, 0), "1 of 10 shown"));
    assert_eq!(page.visible("section.layout"), 1, "layouts without a hit are hidden");
    page.search("nothing of this");
    assert_eq!((page.entries(), page.visible("section.layout")), ((0, 0), 0));
    page.search("");
    assert_eq!(page.entries(), (10, 0));

    page.click("nav input[value=update]");
    assert_eq!(page.entries(), (5, 0));
    page.click("nav input[value=create]");
    assert_eq!((page.entries(), page.found().as_str()), ((4, 0), "4 of 10 shown"));
    page.search("sandbox");
    assert_eq!(page.entries(), (2, 0));
    let fragment = page.fragment();
    assert_eq!(fragment, "#filter=replace,destroy,outputs,drift&q=sandbox");
    page.open(&example("preview/page.html"), &fragment);
    assert_eq!((page.entries(), page.fragment()), ((2, 0), fragment), "the address is that of what is shown");
    assert_eq!(page.value("document.querySelector('nav input[value=update]').checked"), false);
    page.click("nav input[value=update]");
    assert_eq!(page.entries(), (3, 0));

    page.open(&example("preview/page.html"), "#filter=destroy,replace&open=1");
    assert_eq!(page.entries(), (2, 2));
    page.value("location.hash = '#q=aws_thing.key'");
    page.wait(&format!("{VISIBLE}('details.change > summary') === 1"));
    page.value("location.hash = ''");
    page.wait(&format!("{VISIBLE}('details.change > summary') === 10"));

    page.click("#open");
    page.can_be_read_everywhere();
    page.has_no_errors();
}

#[test]
fn drift_is_filtered_searched_and_folded() {
    let mut page = Browser::start();
    page.open(&example("drift/page.html"), "");
    assert_eq!((page.entries(), page.found().as_str()), ((5, 0), "5 of 5 shown"));
    page.click("nav input[value=ignored]");
    assert_eq!(page.entries(), (4, 0));
    page.search("missing");
    assert_eq!(page.entries(), (1, 0));
    page.search("0.0.0.0/0");
    assert_eq!(page.entries(), (1, 0));
    page.click("details.change:not([hidden]) > summary .action");
    assert_eq!(page.entries(), (1, 1));
    assert_eq!(page.visible("details[open] tbody tr"), 5, "a row for each difference");
    page.click("#fold");
    assert_eq!(page.visible("details[open] tbody tr"), 0);
    page.open(&example("drift/page.html"), "#filter=opens,interrupts");
    assert_eq!(page.entries(), (2, 0));
    page.click("#open");
    page.can_be_read_everywhere();
    page.has_no_errors();
}

#[test]
fn the_page_of_a_run_works_and_its_values_do_not() {
    let world = World::start();
    let hostile = "</pre></details><script>document.title = 'run'</script><img src=x onerror='document.title=1'>";
    for (name, input) in [("one", "a"), ("two", hostile)] {
        let resource = format!("resource \"terraform_data\" \"x\" {{\n  input = \"{input}\"\n}}\n");
        world.write(&format!("layouts/{name}/main.hcl"), &format!("layout {{\n  name = \"{name}\"\n}}\n\n{resource}"));
    }
    let run = world.floorplan(&["preview", "--format", "html"]).succeeds();
    world.write("page.html", &run.stdout);
    let mut page = Browser::start();
    page.open(&world.path().join("page.html"), "#open=1");
    assert_eq!(page.entries(), (2, 2));
    assert_eq!(page.value("document.title"), "Floorplan: 2 layouts");
    assert_eq!(page.visible("img"), 0);
    page.search("onerror");
    assert_eq!(page.entries(), (1, 1));
    page.has_no_errors();
}

#[test]
fn pictures_can_be_read_in_light_and_dark() {
    let mut page = Browser::start();
    for name in ["three-tier", "ha-web", "hybrid", "large", "change"] {
        page.open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images").join(format!("{name}.svg")), "");
        assert_eq!(page.visible("script"), 0);
        page.is_a_good_picture(name);
    }
    page.has_no_errors();
}

//! A picture in pixels, made by a Chromium that is installed: what a browser shows is what is in the file, and the program
//! needs no fonts and no drawing of its own.

use crate::diag::Diagnostic;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// Where it is if it is not on the path.
#[cfg(target_os = "macos")]
const APPLICATION: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const WITHIN: Duration = Duration::from_secs(60);
/// The most pixels that Chromium draws in one direction.
const MOST: u32 = 16_000;

/// The PNG of an SVG, in its light colours.
pub(super) async fn of(svg: &str) -> Result<Vec<u8>, Diagnostic> {
    let program = chromium().ok_or_else(|| {
        failed("Chromium draws it, and is not on the PATH.")
            .hint("Install Chromium or Chrome (Debian: apt install chromium), or write an .svg, which needs neither.")
    })?;
    let dir = tempfile::tempdir().map_err(|why| failed(&format!("{why}.")))?;
    let (from, to) = (dir.path().join("picture.svg"), dir.path().join("picture.png"));
    std::fs::write(&from, svg).map_err(|why| failed(&format!("{why}.")))?;
    let mut said = String::new();
    // Root, as in containers, may not use the sandbox of Chromium. All that it opens here is the picture.
    for more in [None, Some("--no-sandbox")] {
        said = draw(&program, (&from, &to), size(svg), (dir.path(), more)).await?;
        if let Ok(png) = std::fs::read(&to) {
            return Ok(png);
        }
    }
    let last = said.lines().last().unwrap_or("It wrote no picture").trim_end_matches('.').to_owned();
    Err(failed(&format!("{} failed: {last}.", program.display())).hint("Write an .svg, which needs no Chromium."))
}

/// Runs Chromium once. Gives what it says.
async fn draw(
    program: &Path,
    (from, to): (&Path, &Path),
    (width, height): (u32, u32),
    (dir, more): (&Path, Option<&str>),
) -> Result<String, Diagnostic> {
    let with = |name: &str, path: &Path| {
        let mut argument = OsString::from(name);
        argument.push(path);
        argument
    };
    let scale = if height.max(width) * 2 <= MOST { 2 } else { 1 };
    let mut command = tokio::process::Command::new(program);
    command
        .args(["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run"])
        .args(["--blink-settings=preferredColorScheme=1".to_owned(), format!("--window-size={width},{height}")])
        .arg(format!("--force-device-scale-factor={scale}"))
        .arg(with("--user-data-dir=", &dir.join("profile")))
        .arg(with("--screenshot=", to))
        .args(more)
        .arg(with("file://", from))
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true);
    let ended = tokio::time::timeout(WITHIN, command.output());
    let ended = ended.await.map_err(|_| failed(&format!("{} takes more than a minute.", program.display())))?;
    let output = ended.map_err(|why| failed(&format!("{} cannot be started: {why}.", program.display())))?;
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn failed(why: &str) -> Diagnostic {
    Diagnostic::error("Cannot make a PNG").code("picture-pixels").detail(why)
}

fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).flat_map(|dir| NAMES.map(|name| dir.join(name))).find(|file| file.is_file());
    #[cfg(target_os = "macos")]
    let found = found.or_else(|| Some(PathBuf::from(APPLICATION)).filter(|file| file.is_file()));
    found
}

/// The size that the first line of an SVG says.
fn size(svg: &str) -> (u32, u32) {
    let number = |name: &str| {
        let rest = svg.split_once(&format!(" {name}=\""))?.1;
        rest.split('"').next()?.parse().ok()
    };
    (number("width").unwrap_or(1600), number("height").unwrap_or(1200))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_read_from_the_first_line() {
        assert_eq!(size("<svg class=\"x\" width=\"1563\" height=\"751\" viewBox=\"0 0 1 2\">\n"), (1563, 751));
    }
}

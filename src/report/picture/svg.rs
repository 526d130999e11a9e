//! Writes what has its place as an SVG: an element a line, whole pixels, and colours for light and dark.

use super::Touch;
use super::place::{Shape, Sheet, Text};
use crate::report::markdown::marks::html as escaped;
use std::fmt::Write;

pub(super) const STYLE: &str = include_str!("style.css");
const SYMBOLS: &str = include_str!("symbols.svg");

pub(super) fn write(picture: &super::floors::Picture) -> String {
    let sheet = Sheet::of(picture);
    let (width, height) = (sheet.width, sheet.height);
    let name = escaped(&format!("{}, {}", picture.title, picture.subtitle));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"floorplan\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{name}\">\n<style>{STYLE}</style>\n{SYMBOLS}\
         <rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"url(#grid)\"/>\n"
    );
    for shape in &sheet.shapes {
        shape.write(&mut out);
    }
    out.push_str("</svg>\n");
    out
}

impl Shape {
    fn write(&self, out: &mut String) {
        // Writing to a string does not fail.
        let _ = match self {
            Shape::Box { class, area, round, touch, alarm, icon, about, texts } => {
                let mut classes = (*class).to_owned();
                classes.push_str(touch.map_or("", |touch| match touch {
                    Touch::New => " new",
                    Touch::Changed => " changed",
                    Touch::Replaced => " replaced",
                    Touch::Gone => " gone",
                }));
                classes.push_str(if *alarm { " alarm" } else { "" });
                let mut inner = format!("<rect width=\"{}\" height=\"{}\" rx=\"{round}\"/>\n", area.w, area.h);
                if let Some(touch) = touch {
                    let (w, h) = (area.w, area.h);
                    let _ = writeln!(
                        inner,
                        "<rect class=\"hatch\" width=\"{w}\" height=\"{h}\" rx=\"{round}\" fill=\"url(#{})\"/>",
                        touch.word()
                    );
                }
                if let Some((icon, x, y)) = icon {
                    let _ = writeln!(inner, "<use href=\"#{icon}\" x=\"{x}\" y=\"{y}\" width=\"18\" height=\"18\"/>");
                }
                texts.iter().for_each(|text| text.write(&mut inner));
                let about = if about.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(about)) };
                let place = format!("translate({},{})", area.x, area.y);
                writeln!(out, "<g class=\"{classes}\" transform=\"{place}\">{about}\n{inner}</g>")
            }
            Shape::Line { class, path, head } => {
                let head = if *head {
                    format!(" marker-end=\"url(#head-{})\"", class.split(' ').next().unwrap_or_default())
                } else {
                    String::new()
                };
                writeln!(out, "<path class=\"line {class}\" d=\"{path}\"{head}/>")
            }
            Shape::Path { class, path } => writeln!(out, "<path class=\"{class}\" d=\"{path}\"/>"),
            Shape::Text(text) => {
                text.write(out);
                Ok(())
            }
        };
    }
}

impl Text {
    fn write(&self, out: &mut String) {
        let Text { x, y, class, end, text } = self;
        let end = if *end { " text-anchor=\"end\"" } else { "" };
        let _ = writeln!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{end}>{}</text>", escaped(text));
    }
}

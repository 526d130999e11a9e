//! The answer for a person: a path with one line for each object, all that is in the way, or a table.

use super::{Answered, Report, fold, words};
use crate::network::Answer;
use crate::network::space::Packets;
use crate::plan::place;
use crate::plan::reach::{Blocked, Network, Pair, Row, Step};
use crate::report::canvas::{Canvas, DiffStyle, Style};
use crate::report::literal::printable;
use crate::report::marks::first;
use std::sync::Arc;

/// More pairs than this with the same story are counted.
const SAME: usize = 5;

/// The answer.
pub fn text(report: &Report<'_>, colour: bool) -> String {
    let mut canvas = Canvas::new(DiffStyle::on_terminal(colour));
    match &report.answered {
        Answered::Paths(pairs) => {
            for (pair, same) in fold::pairs(pairs) {
                canvas.raw("");
                story(&mut canvas, report.network, pair, &same);
            }
        }
        Answered::Flows(rows) if rows.is_empty() => canvas.raw("No flows."),
        Answered::Flows(rows) => table(&mut canvas, rows),
    }
    canvas.finish()
}

fn story(canvas: &mut Canvas, network: &Network, pair: &Pair, same: &[&Pair]) {
    let line = format!("{} → {}: {}", printable(&pair.from), printable(&pair.to), result(pair));
    let line = canvas.toned(Style::Bold, &line);
    canvas.raw(&line);
    let words = |steps: &[Step], at: usize| words::step(network, steps, at);
    if pair.answer == Answer::No {
        stopped(canvas, pair);
    } else {
        columns(canvas, steps(&pair.path, &words));
        if !pair.back.is_empty() {
            canvas.raw("  and back:");
            columns(canvas, steps(&pair.back, &words));
        }
        for doubt in &pair.doubts {
            canvas.raw(&format!("  May, as {}.", printable(doubt)));
        }
    }
    if !same.is_empty() {
        let all = same.iter().map(|pair| format!("{} → {}", printable(&pair.from), printable(&pair.to)));
        let all = first(all, SAME);
        canvas.raw(&format!("  In the same way: {}.", all.join(", ")));
    }
}

/// The answer in a few words.
fn result(pair: &Pair) -> String {
    let some = |packets: &Packets| match *packets == Packets::all() {
        true => String::new(),
        false => format!(" on {}", words::traffic(packets, &pair.from, &pair.to)),
    };
    match pair.answer {
        Answer::Yes if pair.passes.is_empty() => format!("reachable{}", some(&pair.asked)),
        Answer::Yes => format!("reachable{}", some(&pair.passes)),
        Answer::May if pair.passes.is_empty() => format!("may be reachable{}", some(&pair.asked)),
        Answer::May => format!("may be reachable{}", some(&pair.passes)),
        Answer::No => format!("not reachable{}", some(&pair.asked)),
    }
}

fn steps(all: &[Step], words: &dyn Fn(&[Step], usize) -> String) -> Vec<[String; 3]> {
    let place = |step: &Step| step.place.as_ref().map(place::words).unwrap_or_default();
    let one = |(at, step): (usize, &Step)| [printable(&step.address), words(all, at), place(step)];
    all.iter().enumerate().map(one).collect()
}

/// All that is in the way: directly, and through each balancer.
fn stopped(canvas: &mut Canvas, pair: &Pair) {
    let mut ways: Vec<Option<&Arc<str>>> = Vec::new();
    for stop in &pair.obstacles {
        if !ways.contains(&stop.through.as_ref()) {
            ways.push(stop.through.as_ref());
        }
    }
    for way in &ways {
        match way {
            Some(balancer) => canvas.raw(&format!("  through {}:", printable(balancer))),
            None if ways.len() > 1 => canvas.raw("  directly:"),
            None => {}
        }
        let line = |stop: &Blocked| {
            let place = stop.place.as_ref().map(place::words).unwrap_or_default();
            [printable(&stop.address), printable(&stop.why), place]
        };
        columns(canvas, pair.obstacles.iter().filter(|stop| stop.through.as_ref() == *way).map(line).collect());
    }
}

/// Lines of three cells, aligned; the last one is where the block is.
fn columns(canvas: &mut Canvas, lines: Vec<[String; 3]>) {
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or_default();
    let widths = [width(0), width(1)];
    for [address, words, place] in &lines {
        let pad = |text: &str, width: usize| " ".repeat(width.saturating_sub(text.chars().count()));
        let (first, second) = (pad(address, widths[0]), pad(words, widths[1]));
        let place = canvas.toned(Style::Dim, place);
        canvas.raw(&format!("    {address}{first}  {words}{second}  {place}"));
    }
}

fn table(canvas: &mut Canvas, rows: &[Row]) {
    let traffic = |row: &Row| words::traffic(&row.packets, &row.from, &row.to);
    let mut lines = vec![["from", "to", "traffic", "", "through"].map(str::to_owned)];
    for folded in fold::flows(rows, &traffic) {
        let ends = [fold::block(&folded.first.from), fold::block(&folded.first.to)];
        let between: Vec<String> =
            folded.path.iter().filter(|name| !ends.contains(*name)).map(|name| printable(name)).collect();
        let is = if folded.first.sure { "is" } else { "may" };
        let (from, to) = (printable(&folded.from), printable(&folded.to));
        lines.push([from, to, traffic(folded.first), is.to_owned(), between.join(" → ")]);
    }
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..4).map(width).collect();
    for line in &lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}  "));
        canvas.raw(&format!("{}{}", cells.collect::<String>(), line[4]));
    }
}

//! Results of tests in the form of JUnit, which CI services show. A report says which cases it has; the document is
//! written here alone.

/// Cases that belong together.
pub struct Suite {
    /// Its name.
    pub name: String,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// One case.
pub struct Case {
    /// Its name.
    pub name: String,
    /// The group of the case, in the words of the form a class.
    pub class: String,
    /// A file and a line of it.
    pub at: Option<(String, usize)>,
    /// How it ended.
    pub verdict: Verdict,
}

/// How a case ended.
pub enum Verdict {
    /// As it should, with words about it that may be empty.
    Passed(String),
    /// Not as it should.
    Failed {
        /// The kind of the failure.
        kind: &'static str,
        /// One line.
        message: String,
        /// The rest.
        text: String,
    },
    /// It could not be judged; why.
    Error(String),
    /// It was left out; why.
    Skipped(String),
}

/// The document.
pub fn document(name: &str, suites: &[Suite]) -> String {
    let cases = || suites.iter().flat_map(|suite| &suite.cases);
    let [tests, failures, errors, _] = counts(cases());
    let name = escaped(name);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">\n"
    );
    for suite in suites {
        let [tests, failures, errors, skipped] = counts(suite.cases.iter());
        let name = escaped(&suite.name);
        out.push_str(&format!(
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">\n"
        ));
        suite.cases.iter().for_each(|case| write(&mut out, case));
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// How many there are; how many failed, were not judged, were left out.
fn counts<'a>(cases: impl Iterator<Item = &'a Case>) -> [usize; 4] {
    let mut all = [0; 4];
    for case in cases {
        all[0] += 1;
        match case.verdict {
            Verdict::Passed(_) => {}
            Verdict::Failed { .. } => all[1] += 1,
            Verdict::Error(_) => all[2] += 1,
            Verdict::Skipped(_) => all[3] += 1,
        }
    }
    all
}

fn write(out: &mut String, case: &Case) {
    let at = case.at.as_ref().map(|(file, line)| format!(" file=\"{}\" line=\"{line}\"", escaped(file)));
    let (name, class, at) = (escaped(&case.name), escaped(&case.class), at.unwrap_or_default());
    let verdict = match &case.verdict {
        Verdict::Passed(words) if words.is_empty() => None,
        Verdict::Passed(words) => Some(format!("<system-out>{}</system-out>", escaped(words))),
        Verdict::Failed { kind, message, text } => {
            Some(format!("<failure type=\"{kind}\" message=\"{}\">{}</failure>", escaped(message), escaped(text)))
        }
        Verdict::Error(why) => Some(format!("<error message=\"{}\"/>", escaped(why))),
        Verdict::Skipped(why) => Some(format!("<skipped message=\"{}\"/>", escaped(why))),
    };
    let head = format!("    <testcase name=\"{name}\" classname=\"{class}\"{at}");
    out.push_str(&match verdict {
        Some(verdict) => format!("{head}>\n      {verdict}\n    </testcase>\n"),
        None => format!("{head}/>\n"),
    });
}

/// A text as XML takes it, in an attribute or between tags; characters that XML does not have are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

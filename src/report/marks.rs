//! How names and words are put into a report, so that one sentence serves text, markdown and HTML.

/// The way in which a form writes what is not fixed in a sentence.
#[derive(Clone, Copy)]
pub struct Marks {
    /// A name, an address or a value.
    pub name: fn(&str) -> String,
    /// Words of others: messages, reasons, file names.
    pub words: fn(&str) -> String,
    /// Words that must not be missed.
    pub strong: fn(&str) -> String,
    /// How many names of a list are written.
    pub most: usize,
}

/// For a terminal: everything as it is.
pub const PLAIN: Marks = Marks { name: str::to_owned, words: str::to_owned, strong: str::to_owned, most: usize::MAX };

impl Marks {
    /// Names, separated by commas; of very many only the first.
    pub fn names<S: AsRef<str>>(self, all: impl IntoIterator<Item = S>) -> String {
        first(all.into_iter().map(|name| (self.name)(name.as_ref())), self.most).join(", ")
    }
}

/// The first of them, and how many more there are.
pub fn first(all: impl IntoIterator<Item = String>, most: usize) -> Vec<String> {
    let mut all = all.into_iter();
    let mut some: Vec<String> = all.by_ref().take(most).collect();
    let more = all.count();
    some.extend((more > 0).then(|| format!("{more} more")));
    some
}

/// The number with its noun, in the plural if it is not one.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The beginning of a text, in characters.
pub fn beginning(text: &str, most: usize) -> String {
    let mut out: String = text.chars().take(most).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

//! A page of limited length.

/// Text that is not longer than its limit.
pub struct Page {
    out: String,
    room: usize,
    /// How many lines of a list are written.
    pub most: usize,
}

impl Page {
    /// An empty page for so many characters.
    pub fn new(limit: usize) -> Self {
        Page { out: String::new(), room: limit, most: usize::MAX }
    }

    /// The text so far.
    pub fn finish(self) -> String {
        self.out
    }

    /// Adds text; nothing, if there is not room for it.
    pub fn add(&mut self, text: &str) -> Option<()> {
        self.room = self.room.checked_sub(text.chars().count())?;
        self.out.push_str(text);
        Some(())
    }

    /// Adds a title with a list below it; nothing for an empty one.
    pub fn list(&mut self, title: &str, lines: Vec<String>) -> Option<()> {
        self.section(title, "", lines.iter().map(|line| format!("- {line}\n")), |more| format!("- and {more} more\n"))
    }

    /// Adds a title with a table below it; nothing for an empty one.
    pub fn table(&mut self, title: &str, columns: &[String], rows: Vec<Vec<String>>) -> Option<()> {
        let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let head = format!("{}{}|\n", row(columns), "|---".repeat(columns.len()));
        let rest = |more: usize| {
            let cells = [format!("and {more} more")].into_iter().chain(vec![String::new(); columns.len() - 1]);
            row(&cells.collect::<Vec<_>>())
        };
        self.section(title, &head, rows.iter().map(|cells| row(cells)), rest)
    }

    fn section(
        &mut self,
        title: &str,
        head: &str,
        lines: impl Iterator<Item = String>,
        rest: impl Fn(usize) -> String,
    ) -> Option<()> {
        let mut lines = lines.peekable();
        if lines.peek().is_none() {
            return Some(());
        }
        if !title.is_empty() {
            self.add(&format!("\n**{title}**\n"))?;
        }
        self.add("\n")?;
        self.add(head)?;
        for line in lines.by_ref().take(self.most) {
            self.add(&line)?;
        }
        match lines.count() {
            0 => Some(()),
            more => self.add(&rest(more)),
        }
    }
}

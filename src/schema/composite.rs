//! Ids that AWS does not give: the arguments that distinguish an object from others, joined in an order of their own,
//! such as `ROLE/POLICYARN`.

use super::Attrs;

/// An id that is made of arguments, all of them texts. It is also how the object is imported and found again.
#[derive(Debug)]
pub struct Composite {
    names: &'static [&'static str],
    separator: &'static str,
}

impl Composite {
    /// The values of these arguments with `separator` between them. Only the last one may hold the separator.
    pub const fn new(names: &'static [&'static str], separator: &'static str) -> Self {
        Composite { names, separator }
    }

    /// The arguments as a set that two objects cannot share.
    pub fn unique(&'static self) -> &'static [&'static [&'static str]] {
        std::slice::from_ref(&self.names)
    }

    /// The id of the object with these arguments; none where one is missing.
    pub fn id(&self, attrs: &Attrs) -> Option<String> {
        let parts: Option<Vec<&str>> = self.names.iter().map(|name| attrs.str(name)).collect();
        parts.map(|parts| parts.join(self.separator))
    }

    /// The arguments in an id; none where it has another form.
    pub fn parse(&self, id: &str) -> Option<Attrs> {
        let parts: Vec<&str> = id.splitn(self.names.len(), self.separator).filter(|part| !part.is_empty()).collect();
        let whole = parts.len() == self.names.len();
        whole.then(|| self.names.iter().zip(parts).map(|(name, part)| (*name, part.into())).collect())
    }

    /// The form as it is shown, such as `RESOURCEID,KEY`.
    pub fn form(&self) -> String {
        let words: Vec<String> = self.names.iter().map(|name| name.replace('_', "").to_uppercase()).collect();
        words.join(self.separator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static KEY: Composite = Composite::new(&["resource_id", "key"], ",");

    #[test]
    fn an_id_is_made_of_arguments_and_gives_them_back() {
        let attrs = KEY.parse("vpc-1,team,site").unwrap();
        assert_eq!((attrs.str("resource_id"), attrs.str("key")), (Some("vpc-1"), Some("team,site")));
        assert_eq!(KEY.id(&attrs).as_deref(), Some("vpc-1,team,site"));
        assert_eq!(KEY.form(), "RESOURCEID,KEY");
        assert_eq!(KEY.unique(), [["resource_id", "key"]]);
    }

    #[test]
    fn an_id_of_another_form_gives_nothing() {
        assert!(["", "vpc-1", "vpc-1,", ",team"].into_iter().all(|id| KEY.parse(id).is_none()));
        assert_eq!(KEY.id(&Attrs::default().with("key", "team")), None);
    }
}

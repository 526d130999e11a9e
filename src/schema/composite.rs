//! Ids that AWS does not give: the arguments that distinguish an object from others, joined in an order of their own,
//! such as `ROLE/POLICYARN`.

use super::Attrs;

/// An id that is made of arguments, all of them texts. It is also how the object is imported and found again.
#[derive(Debug)]
pub struct Composite {
    names: &'static [&'static str],
    separator: &'static str,
    marks: &'static [&'static str],
    spelled: fn(&str) -> String,
}

impl Composite {
    /// The values of these arguments with `separator` between them. Only the last one may hold the separator.
    pub const fn new(names: &'static [&'static str], separator: &'static str) -> Self {
        Composite { names, separator, marks: &[], spelled: str::to_owned }
    }

    /// What each of the arguments has in it: an id without is not of this form.
    pub const fn marked(self, marks: &'static [&'static str]) -> Self {
        Composite { marks, ..self }
    }

    /// AWS keeps the arguments in a spelling of its own, and the id has them in that.
    pub const fn spelled(self, spelled: fn(&str) -> String) -> Self {
        Composite { spelled, ..self }
    }

    /// The arguments as a set that two objects cannot share.
    pub fn unique(&'static self) -> &'static [&'static [&'static str]] {
        std::slice::from_ref(&self.names)
    }

    /// The id of the object with these arguments; none where one is missing.
    pub fn id(&self, attrs: &Attrs) -> Option<String> {
        let parts: Option<Vec<&str>> = self.names.iter().map(|name| attrs.str(name)).collect();
        parts.map(|parts| self.join(&parts))
    }

    /// The id of these values.
    pub fn join(&self, parts: &[&str]) -> String {
        parts.iter().map(|part| (self.spelled)(part)).collect::<Vec<_>>().join(self.separator)
    }

    /// The arguments in an id; none where it has another form.
    pub fn parse(&self, id: &str) -> Option<Attrs> {
        let parts: Vec<&str> = id.splitn(self.names.len(), self.separator).filter(|part| !part.is_empty()).collect();
        let whole = parts.len() == self.names.len();
        let fits = whole && parts.iter().zip(self.marks).all(|(part, mark)| part.contains(mark));
        fits.then(|| self.names.iter().zip(parts).map(|(name, part)| (*name, part.into())).collect())
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
    fn an_id_of_two_stands_for_both_in_their_order() {
        static PAIR: Composite = Composite::new(&["gateway", "vpc"], "_").marked(&["vgw-", "vpc-"]);
        let attrs = PAIR.parse("vgw-1_vpc-1").unwrap();
        assert_eq!((attrs.str("gateway"), attrs.str("vpc")), (Some("vgw-1"), Some("vpc-1")));
        assert!(PAIR.parse("vpc-1_vgw-1").is_none());
        assert!(PAIR.parse("vgw-1").is_none());
        static ROUTE: Composite = Composite::new(&["to", "vpn"], ":").marked(&["/", "vpn-"]);
        assert_eq!(ROUTE.join(&["10.0.0.0/8", "vpn-1"]), "10.0.0.0/8:vpn-1");
        assert_eq!(ROUTE.parse("10.0.0.0/8:vpn-1").unwrap().str("to"), Some("10.0.0.0/8"));
    }

    #[test]
    fn an_id_has_the_spelling_of_aws() {
        static LOWER: Composite = Composite::new(&["table", "to"], "_").spelled(|part| part.to_lowercase());
        assert_eq!(LOWER.join(&["tgw-rtb-1", "2001:DB8::/32"]), "tgw-rtb-1_2001:db8::/32");
    }

    #[test]
    fn an_id_of_another_form_gives_nothing() {
        assert!(["", "vpc-1", "vpc-1,", ",team"].into_iter().all(|id| KEY.parse(id).is_none()));
        assert_eq!(KEY.id(&Attrs::default().with("key", "team")), None);
    }
}

//! Prefix lists: names for ranges, in rules and in routes.

use super::Ranges;
use crate::network::index::{Index, Link};
use crate::network::read::{Fact, addresses, elements, text};
use crate::network::space::{Addresses, range};

/// The types that are, or have, a prefix list.
pub(in crate::network) const LISTS: [&str; 3] = ["aws_ec2_managed_prefix_list", "aws_prefix_list", "aws_vpc_endpoint"];

/// The ranges of the list that is referred to. A list of AWS has addresses of the Internet only.
pub(in crate::network) fn ranges(index: &Index<'_>, link: &Link) -> Ranges {
    let Link::To(at, _) = link else { return Ranges::some(Addresses::all()) };
    let list = &index.objects[*at];
    if &*list.type_name == "aws_vpc_endpoint" {
        let found = elements(&list.attributes, "cidr_blocks").all;
        let known = found.into_iter().filter_map(|value| range(value.as_str()?));
        let known = known.fold(Addresses::default(), |all, one| all.union(&one));
        let service = text(&list.attributes, "service_name").known();
        return match known.is_empty() {
            true => of_service(service),
            false => Ranges { services: service.into_iter().map(Into::into).collect(), ..Ranges::known(known) },
        };
    }
    let mut all = Ranges::default();
    let mut add = |range: Fact<Addresses>| {
        all = all.union(&range.known().map_or_else(|| Ranges::some(Addresses::all()), Ranges::known));
    };
    for path in ["entry", "entries", "cidr_blocks"] {
        let found = elements(&list.attributes, path);
        for value in found.all {
            match value.as_str() {
                Some(cidr) => add(range(cidr).map_or(Fact::Unknown, Fact::Known)),
                None => add(addresses(value, "cidr")),
            }
        }
        if found.open {
            add(Fact::Unknown);
        }
    }
    for (_, entry) in index.of(&["aws_ec2_managed_prefix_list_entry"]) {
        match index.refers(&entry.attributes, "prefix_list_id", &LISTS) {
            Link::To(other, _) if other == *at => add(addresses(&entry.attributes, "cidr")),
            Link::Unknown => add(Fact::Unknown),
            _ => {}
        }
    }
    match text(&list.attributes, "name").known().filter(|name| name.starts_with("com.amazonaws.")) {
        Some(name) if all == Ranges::default() => of_service(Some(name)),
        Some(name) => Ranges { services: vec![name.into()], ..all },
        None => all,
    }
}

/// The addresses of a service of AWS are on the Internet, and not known.
fn of_service(name: Option<&str>) -> Ranges {
    Ranges { services: name.into_iter().map(Into::into).collect(), ..Ranges::some(Addresses::internet()) }
}

//! The objects beside layouts: those in their networks and those with their tags that none of them has. Asked for once for
//! all layouts of an account and region.

use super::{Connect, PAUSES};
use crate::aws::{Aws, Error};
use crate::drift::Unmanaged;
use crate::objects::{Instance, State};
use crate::resources::beside::{Confirmed, Neighbour, Tags, confirm, in_networks, tagged};
use futures::future::join_all;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// An account at its endpoints, and a region.
pub type Place = (String, String);

/// The networks and tags of layouts, by account and region, and all that the layouts have.
#[derive(Default)]
pub struct Beside {
    sites: BTreeMap<Place, Site>,
    owned: Owned,
    /// The types that an earlier run was making objects of.
    begun: BTreeSet<(Place, String)>,
}

/// An account and region.
#[derive(Default)]
struct Site {
    way: Option<Aws>,
    vpcs: BTreeSet<String>,
    /// The tags that layouts give to all objects, with the first layout that does.
    tags: BTreeMap<Tags, usize>,
}

/// What layouts have.
#[derive(Default)]
struct Owned {
    ids: HashSet<String>,
    /// Those with no ARN, whose ids may be plain names: with the account and the type.
    named: HashSet<String>,
}

impl Owned {
    fn add(&mut self, realm: &str, type_name: &str, instance: &Instance) {
        match instance.attrs.str("arn") {
            Some(arn) => drop(self.ids.insert(arn.trim_end_matches(":*").to_owned())),
            None => drop(self.named.insert(format!("{realm} {type_name} {}", instance.id))),
        }
        self.ids.insert(instance.id.clone());
    }

    /// Objects of other accounts are in shared networks, so that ids count whosever they are.
    fn has(&self, realm: &str, object: &Neighbour) -> bool {
        let named = || self.named.contains(&format!("{realm} {} {}", object.type_name, object.id));
        match &object.arn {
            // The id may be a name that others have as well, unless AWS made it up.
            Some(arn) => {
                let made_up = object.id.rsplit_once('-').is_some_and(|(_, end)| end.len() >= 8 && is_hex(end));
                self.ids.contains(arn.trim_end_matches(":*")) || made_up && self.ids.contains(&object.id) || named()
            }
            None => self.ids.contains(&object.id),
        }
    }
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What is beside layouts.
#[derive(Default)]
pub struct Found {
    /// Objects in networks, by VPC.
    in_networks: HashMap<String, Vec<(Place, Unmanaged)>>,
    /// Objects with tags, by layout.
    tagged: HashMap<usize, Vec<(Place, Unmanaged)>>,
    /// What could not be looked for, in words, and why.
    pub failed: Vec<(String, Error)>,
    /// Where there are any.
    pub places: BTreeSet<Place>,
    /// Whether some were left out.
    partial: bool,
}

impl Found {
    /// Those that the layout with this number and with these objects reports: in its VPCs, or with its tags.
    pub fn of<'a>(&self, at: usize, ids: impl Iterator<Item = &'a str>) -> Vec<Unmanaged> {
        let ids: BTreeSet<&str> = ids.filter(|id| self.in_networks.contains_key(*id)).collect();
        let inside = ids.into_iter().filter_map(|id| self.in_networks.get(id));
        inside.chain(self.tagged.get(&at)).flatten().map(|(_, object)| object.clone()).collect()
    }

    /// Leaves out what was found in these places.
    pub fn leave_out(&mut self, places: &BTreeSet<Place>) {
        self.partial = true;
        let stays = |found: &mut Vec<(Place, Unmanaged)>| found.retain(|(place, _)| !places.contains(place));
        self.in_networks.values_mut().for_each(stays);
        self.tagged.values_mut().for_each(stays);
    }

    /// Whether all that could be there was looked for.
    pub fn is_whole(&self) -> bool {
        self.failed.is_empty() && !self.partial
    }

    fn add(&mut self, place: &Place, layout: Option<usize>, way: &Aws, object: Neighbour) {
        let Neighbour { type_name, id, vpc, name, .. } = object;
        let at = format!("{} {}", way.account, way.region);
        let unmanaged = |text| (place.clone(), Unmanaged { type_name: type_name.to_owned(), id, name, place: text });
        match (layout, vpc) {
            (Some(layout), _) => self.tagged.entry(layout).or_default().push(unmanaged(at)),
            (None, Some(vpc)) => {
                let object = unmanaged(format!("{at} {vpc}"));
                self.in_networks.entry(vpc).or_default().push(object);
            }
            (None, None) => return,
        }
        self.places.insert(place.clone());
    }
}

impl Beside {
    /// Adds a layout by its number: the objects of its state, and the tags of these provider configurations. Gives where
    /// it has objects.
    pub fn add<'a>(
        &mut self,
        at: usize,
        state: &State,
        connect: Connect<'_>,
        providers: impl Iterator<Item = (&'a str, &'a Aws)>,
    ) -> BTreeSet<Place> {
        let mut ways: BTreeMap<(&str, &str), Option<(Aws, Place)>> = BTreeMap::new();
        for (slot, instance) in state.objects() {
            let place = (instance.provider.as_str(), instance.region.as_str());
            let way = ways.entry(place).or_insert_with(|| {
                let aws = connect(place.0, place.1)?;
                let at = (aws.realm(), aws.region.to_string());
                Some((aws, at))
            });
            let Some((aws, place)) = way else { continue };
            let type_name: &str = &slot.address.resource.type_name;
            self.owned.add(&place.0, type_name, instance);
            if type_name == "aws_vpc" {
                let site = self.sites.entry(place.clone()).or_default();
                site.vpcs.insert(instance.id.clone());
                site.way.get_or_insert_with(|| aws.clone());
            }
        }
        let mut places: BTreeSet<Place> = BTreeSet::new();
        let own: Vec<(&str, &Aws)> = providers.collect();
        let elsewhere = ways.into_iter().filter_map(|((provider, _), way)| Some((provider, way?.0)));
        let all = own.iter().map(|(provider, aws)| (*provider, (*aws).clone())).chain(elsewhere);
        for (_, aws) in all {
            let place = (aws.realm(), aws.region.to_string());
            if !aws.default_tags.is_empty() {
                let site = self.sites.entry(place.clone()).or_default();
                let first = site.tags.entry((*aws.default_tags).clone()).or_insert(at);
                *first = at.min(*first);
                site.way.get_or_insert(aws);
            }
            places.insert(place);
        }
        places
    }

    /// Adds a call that an earlier run left open: the object of this id, or one of this type.
    pub fn open(&mut self, type_name: &str, id: Option<&str>, way: &Aws) {
        match id {
            Some(id) => drop(self.owned.ids.insert(id.to_owned())),
            None => drop(self.begun.insert(((way.realm(), way.region.to_string()), type_name.to_owned()))),
        }
    }

    /// What is in the networks, or has the tags, and is in none of the states.
    pub async fn look(&self) -> Found {
        let looks = self.sites.iter().filter_map(|(place, site)| {
            let way = site.way.as_ref()?;
            Some(async move { (place, site, way, self.look_at(place, site, way).await) })
        });
        let mut found = Found::default();
        for (place, site, way, seen) in join_all(looks).await {
            found.failed.extend(seen.failed);
            for object in seen.inside {
                found.add(place, None, way, object);
            }
            for (object, tags) in seen.tagged {
                found.add(place, site.tags.get(&tags).copied(), way, object);
            }
        }
        found.failed.sort_by(|a, b| a.0.cmp(&b.0));
        found.failed.dedup_by(|a, b| a.0 == b.0);
        found
    }

    async fn look_at(&self, place: &Place, site: &Site, way: &Aws) -> Seen {
        let begun = |name: &str| self.begun.contains(&(place.clone(), name.to_owned()));
        let known = |object: &Neighbour| self.owned.has(&place.0, object) || begun(object.type_name);
        let vpcs: Vec<String> = site.vpcs.iter().cloned().collect();
        let sets: BTreeSet<Tags> = site.tags.keys().cloned().collect();
        let (looks, with_tags) =
            futures::future::join(in_networks(way, &vpcs, &known), tagged(way, &sets, &known)).await;
        let mut seen = Seen::default();
        for (what, look) in looks {
            match look {
                Ok(objects) => seen.inside.extend(objects),
                Err(e) => seen.failed.push((what.to_owned(), e)),
            }
        }
        match with_tags {
            Ok((objects, failed)) => {
                seen.failed.extend(failed);
                let inside: BTreeSet<&String> = seen.inside.iter().map(|object| &object.id).collect();
                let other = objects.into_iter().filter(|one| !inside.contains(&one.object.id));
                seen.tagged = other.map(|one| (one.object, one.tags)).collect();
            }
            Err(e) => seen.failed.push(("objects with the tags of the layouts".to_owned(), e)),
        }
        // What was just deleted is listed for a moment: it has to be there whenever it is asked for.
        for pause in PAUSES {
            let all: Vec<&Neighbour> = seen.inside.iter().chain(seen.tagged.iter().map(|(object, _)| object)).collect();
            if all.is_empty() {
                break;
            }
            tokio::time::sleep(pause).await;
            let Confirmed { there, failed } = confirm(way, all).await;
            let stays = |object: &Neighbour| there.contains(&(object.type_name, object.id.clone()));
            seen.inside.retain(stays);
            seen.tagged.retain(|(object, _)| stays(object));
            seen.failed.extend(failed);
        }
        seen
    }
}

/// What is beside the layouts of an account and region.
#[derive(Default)]
struct Seen {
    inside: Vec<Neighbour>,
    tagged: Vec<(Neighbour, Tags)>,
    failed: Vec<(String, Error)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(type_name: &'static str, id: &str, arn: Option<&str>) -> Neighbour {
        Neighbour { type_name, id: id.into(), arn: arn.map(str::to_owned), vpc: None, name: None }
    }

    fn instance(id: &str, arn: Option<&str>) -> Instance {
        let attrs = arn.map(|arn| ("arn", crate::value::Value::string(arn))).into_iter().collect();
        Instance {
            id: id.into(),
            attrs,
            provider: "aws".into(),
            region: "eu-west-1".into(),
            account: "1".into(),
            depends_on: Vec::new(),
            create_before_destroy: false,
            tainted: false,
            unfinished: false,
        }
    }

    #[test]
    fn what_a_layout_has_is_known_by_id_or_arn() {
        let mut owned = Owned::default();
        owned.add("a", "aws_subnet", &instance("subnet-0123456789abcdef0", None));
        owned.add("a", "aws_cloudwatch_log_group", &instance("web", Some("arn:aws:logs:r:1:log-group:web")));
        owned.add("a", "aws_elb", &instance("old", None));
        let arn = |kind: &str| format!("arn:aws:{kind}:r:1:web");
        assert!(owned.has("b", &object("aws_subnet", "subnet-0123456789abcdef0", None)));
        assert!(owned.has("b", &object("aws_subnet", "subnet-0123456789abcdef0", Some("arn:aws:ec2:r:1:subnet/s"))));
        assert!(owned.has("a", &object("aws_cloudwatch_log_group", "web", Some("arn:aws:logs:r:1:log-group:web:*"))));
        // A function may have the name of a group of logs.
        assert!(!owned.has("a", &object("aws_lambda_function", "web", Some(&arn("lambda")))));
        assert!(owned.has("a", &object("aws_elb", "old", Some(&arn("elasticloadbalancing")))));
        assert!(!owned.has("b", &object("aws_elb", "old", Some(&arn("elasticloadbalancing")))));
    }
}

//! How objects and outputs are spelt in JSON, in the state file and in the journal alike.

use super::vault::Vault;
use crate::objects::{Instance, OutputValue, Slot};
use crate::schema::Attrs;
use crate::value::address::{Address, parse_instance};
use crate::value::codec::{DecodeError, decode, encode, is_plain};
use crate::value::type_json::{from_json as type_from_json, to_json as type_to_json};
use crate::value::{Name, Type};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Attribute types by name.
pub type Types = BTreeMap<Name, Type>;

/// One object.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectWire {
    address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deposed: Option<String>,
    id: String,
    provider: String,
    region: String,
    account: String,
    #[serde(default, skip_serializing_if = "is_false")]
    create_before_destroy: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    tainted: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    unfinished: bool,
    attributes: Map<String, Json>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    types: Map<String, Json>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<String>,
}

/// An output of the root module.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputWire {
    value: Json,
    #[serde(rename = "type")]
    ty: Json,
}

/// Attributes, and the types of those whose type neither JSON nor a table of types gives.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttrsWire {
    attributes: Map<String, Json>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    types: Map<String, Json>,
}

impl ObjectWire {
    /// The object at `slot`; attributes whose type is in `known` do not repeat it.
    pub fn new(slot: &Slot, instance: &Instance, known: &Types, vault: &Vault<'_>) -> Result<Self, String> {
        let AttrsWire { attributes, types } = AttrsWire::new(&instance.attrs, known, vault)
            .map_err(|e| format!("{} cannot be kept: {e}", slot.address))?;
        Ok(ObjectWire {
            address: slot.address.to_string(),
            deposed: slot.deposed.clone(),
            id: instance.id.clone(),
            provider: instance.provider.clone(),
            region: instance.region.clone(),
            account: instance.account.clone(),
            create_before_destroy: instance.create_before_destroy,
            tainted: instance.tainted,
            unfinished: instance.unfinished,
            attributes,
            types,
            depends_on: instance.depends_on.iter().map(Address::to_string).collect(),
        })
    }

    /// The object and where it is; `known` gives the table of types of a resource type.
    pub fn read(self, known: &BTreeMap<String, Types>, vault: &Vault<'_>) -> Result<(Slot, Instance), DecodeError> {
        static NONE: Types = Types::new();
        let address = read_address(&self.address)?;
        let types = known.get(&*address.resource.type_name).unwrap_or(&NONE);
        let attrs = AttrsWire { attributes: self.attributes, types: self.types };
        let attrs = attrs.read(types, vault).map_err(|e| e.within(&self.address))?;
        let instance = Instance {
            id: self.id,
            attrs,
            provider: self.provider,
            region: self.region,
            account: self.account,
            depends_on: read_addresses(&self.depends_on)?,
            create_before_destroy: self.create_before_destroy,
            tainted: self.tainted,
            unfinished: self.unfinished,
        };
        Ok((Slot { address, deposed: self.deposed }, instance))
    }
}

impl OutputWire {
    /// An output with its type beside it.
    pub fn new(output: &OutputValue, vault: &Vault<'_>) -> Result<Self, String> {
        if !output.value.is_wholly_known() {
            return Err("a value is not known yet and cannot be kept".into());
        }
        let ty = output.value.ty();
        Ok(OutputWire { value: encode(&output.value, Some(&ty), vault)?, ty: type_to_json(&ty) })
    }

    /// The output.
    pub fn read(&self, vault: &Vault<'_>) -> Result<OutputValue, DecodeError> {
        Ok(OutputValue { value: decode(&self.value, Some(&type_from_json(&self.ty)?), Some(vault))? })
    }
}

impl AttrsWire {
    /// The attributes that are wholly known; the others are left out.
    pub fn new(attrs: &Attrs, known: &Types, vault: &Vault<'_>) -> Result<Self, String> {
        let mut wire = AttrsWire { attributes: Map::new(), types: Map::new() };
        for (name, value) in attrs.iter().filter(|(_, v)| v.is_wholly_known()) {
            let ty = value.ty();
            let json = encode(value, Some(&ty), vault).map_err(|e| format!("{name}: {e}"))?;
            wire.attributes.insert(name.to_string(), json);
            let reported = match known.get(name) {
                Some(known) => ty == *known,
                None => is_plain(value),
            };
            if !reported {
                wire.types.insert(name.to_string(), type_to_json(&ty));
            }
        }
        Ok(wire)
    }

    /// The attributes.
    pub fn read(&self, known: &Types, vault: &Vault<'_>) -> Result<Attrs, DecodeError> {
        let entry = |(name, json): (&String, &Json)| {
            let own = self.types.get(name).map(type_from_json).transpose()?;
            let ty = own.as_ref().or_else(|| known.get(name.as_str()));
            Ok((Name::from(name.as_str()), decode(json, ty, Some(vault)).map_err(|e| e.within(name))?))
        };
        self.attributes.iter().map(entry).collect()
    }
}

/// Reads the address of an instance.
pub fn read_address(text: &str) -> Result<Address, String> {
    parse_instance(text).map_err(|e| format!("{text:?} is not an address: {e}"))
}

/// Reads the addresses of instances.
pub fn read_addresses(texts: &[String]) -> Result<Vec<Address>, String> {
    texts.iter().map(|t| read_address(t)).collect()
}

fn is_false(b: &bool) -> bool {
    !b
}

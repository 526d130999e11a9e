//! A state of Terraform's as its file spells it: format 4, which Terraform writes since 0.12.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// The format that is read and written.
pub const FORMAT: u64 = 4;

/// A whole file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The format: [`FORMAT`].
    pub version: u64,
    /// The version of Terraform that wrote it.
    pub terraform_version: String,
    /// Counts the writes.
    pub serial: u64,
    /// The series of serials.
    pub lineage: String,
    /// The outputs of the root module.
    #[serde(default)]
    pub outputs: BTreeMap<String, Output>,
    /// The resources, each with its instances.
    #[serde(default)]
    pub resources: Vec<Resource>,
    /// The results of `check` blocks, which are judged anew by each plan.
    #[serde(default)]
    pub check_results: Json,
}

/// An output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// The value, as plain JSON.
    pub value: Json,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Json,
    /// Whether it must not be shown.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sensitive: bool,
}

/// All instances of a resource block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// The module instance; none in the root module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// `managed` or `data`.
    pub mode: String,
    /// The type.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The name.
    pub name: String,
    /// How it repeats, in files that Terraform 0.12 wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// The provider configuration, such as `provider["registry.terraform.io/hashicorp/aws"].west`.
    pub provider: String,
    /// The instances.
    #[serde(default)]
    pub instances: Vec<Instance>,
}

/// One object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// The key of an instance of a resource with `count` or `for_each`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_key: Option<Json>,
    /// `tainted`, if it is to be replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The key of an object that was replaced and is still to be deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposed: Option<String>,
    /// The version of the type's schema.
    #[serde(default)]
    pub schema_version: u64,
    /// The attributes as plain JSON.
    #[serde(default)]
    pub attributes: Map<String, Json>,
    /// The paths of sensitive values among them.
    #[serde(default)]
    pub sensitive_attributes: Vec<Vec<Step>>,
    /// What identifies the object, and the version of its schema, since Terraform 1.12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Json>,
    /// The version of its schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_schema_version: Option<u64>,
    /// What the provider keeps for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private: Option<String>,
    /// The resources that it needs, without instance keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<String>,
    /// Whether its replacement is created before it goes.
    #[serde(default, skip_serializing_if = "is_false")]
    pub create_before_destroy: bool,
}

/// A step of a path into attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// `get_attr` or `index`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name of the attribute; of an index its value and type.
    pub value: Json,
}

impl Resource {
    /// The resource as addresses write it, without instance keys of its own.
    pub fn address(&self) -> String {
        let mode = if self.mode == "data" { "data." } else { "" };
        let module = self.module.as_ref().map(|module| format!("{module}.")).unwrap_or_default();
        format!("{module}{mode}{}.{}", self.type_name, self.name)
    }

    /// The provider configuration in the root module: `aws` or `aws.west`.
    pub fn provider(&self) -> Option<String> {
        let (_, rest) = self.provider.split_once("provider[\"")?;
        let (source, rest) = rest.split_once("\"]")?;
        let name = source.rsplit('/').next()?;
        Some(format!("{name}{rest}"))
    }
}

impl Instance {
    /// The instance key as addresses write it; none where it is neither a number nor a text.
    pub fn key(&self) -> Option<String> {
        match &self.index_key {
            None | Some(Json::Null) => Some(String::new()),
            Some(Json::Number(n)) => Some(format!("[{n}]")),
            Some(Json::String(text)) => Some(crate::value::address::InstanceKey::Key(text.as_str().into()).to_string()),
            Some(_) => None,
        }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

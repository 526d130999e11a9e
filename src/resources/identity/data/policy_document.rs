//! data aws_iam_policy_document: a policy put together from blocks. Asks nobody; see
//! `rules::policy`.

use crate::resources::lookup::schema;
use crate::resources::prelude::*;
use crate::rules::policy;

/// The data source `aws_iam_policy_document`.
pub struct PolicyDocument;

fn statement_rows() -> Vec<Attribute> {
    let principal = || rows([Row::string_set("identifiers").required(), Row::string("type").required()]);
    let condition = rows([
        Row::string("test").required(),
        Row::string_list("values").required(),
        Row::string("variable").required(),
    ]);
    rows([
        Row::string_set("actions"),
        Row::string("effect").default("Allow").check(|v| checks::one_of(v, &["Allow", "Deny"])),
        Row::string_set("not_actions"),
        Row::string_set("not_resources"),
        Row::string_set("resources"),
        Row::string("sid"),
        Row::block("condition", Nesting::Set, condition),
        Row::block("not_principals", Nesting::Set, principal()),
        Row::block("principals", Nesting::Set, principal()),
    ])
}

const MADE_OF: [&str; 6] =
    ["override_json", "override_policy_documents", "policy_id", "source_json", "source_policy_documents", "statement"];

impl DataSource for PolicyDocument {
    fn schema() -> Schema {
        schema(
            "aws_iam_policy_document",
            rows([
                Row::string("override_json"),
                Row::string_list("override_policy_documents"),
                Row::string("policy_id"),
                Row::string("source_json"),
                Row::string_list("source_policy_documents"),
                Row::string("version")
                    .default("2012-10-17")
                    .check(|v| checks::one_of(v, &["2008-10-17", "2012-10-17"])),
                Row::block("statement", Nesting::List, statement_rows()),
                Row::string("id").computed(),
                Row::string("json").repeats(&MADE_OF).computed(),
                Row::string("minified_json").repeats(&MADE_OF).computed(),
            ]),
        )
    }

    async fn read(_aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let rendered = policy::render(config).map_err(|message| Error::new(Kind::Refused, message))?;
        let mut crc = flate2::Crc::new();
        crc.update(rendered.json.as_bytes());
        Ok(config
            .clone()
            .with("id", crc.sum().to_string())
            .with("json", rendered.json)
            .with("minified_json", rendered.minified))
    }
}

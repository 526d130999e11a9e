//! IAM policy documents put together from statements and other documents, and printed byte for byte
//! as Terraform's provider prints them: a layout that comes from there must see no difference.

use crate::schema::Attrs;
use crate::value::Value;
use serde_json::{Map, Value as Json};

const VERSION: &str = "2012-10-17";

/// A document in the two forms in which it is given out.
#[derive(Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Indented by two spaces.
    pub json: String,
    /// Without white space.
    pub minified: String,
}

/// The document that the arguments of `aws_iam_policy_document` describe.
pub fn render(config: &Attrs) -> Result<Rendered, String> {
    let mut merged = Document::default();
    let texts = |one: &str, many: &str| {
        let first = config.string(one).filter(|t| !t.is_empty());
        first.into_iter().chain(config.strings(many)).filter(|t| !t.is_empty()).collect::<Vec<_>>()
    };
    let mut sources = Document::default();
    for text in texts("source_json", "source_policy_documents") {
        let document = Document::parse(&text, "source_policy_documents")?;
        if let Some(sid) = document.statements.iter().find_map(|s| sources.statement(sid(s)?).and(sid(s))) {
            return Err(format!("duplicate Sid ({sid}) in source_policy_documents; the Sids in them must be unique"));
        }
        sources.merge(document);
    }
    merged.merge(sources);
    merged.merge(own(config)?);
    for text in texts("override_json", "override_policy_documents") {
        merged.merge(Document::parse(&text, "override_policy_documents")?);
    }
    merged.print()
}

#[derive(Debug, Default)]
struct Document {
    version: String,
    id: String,
    statements: Vec<Map<String, Json>>,
}

fn sid(statement: &Map<String, Json>) -> Option<&str> {
    statement.get("Sid").and_then(Json::as_str).filter(|s| !s.is_empty())
}

impl Document {
    fn parse(text: &str, argument: &str) -> Result<Self, String> {
        let json: Json = serde_json::from_str(text).map_err(|e| format!("{argument} holds what is not JSON: {e}"))?;
        let word = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let statements = match json.get("Statement") {
            Some(Json::Array(all)) => all.iter().filter_map(Json::as_object).map(ordered).collect(),
            Some(Json::Object(one)) => vec![ordered(one)],
            _ => Vec::new(),
        };
        Ok(Document { version: word("Version"), id: word("Id"), statements })
    }

    fn statement(&mut self, wanted: &str) -> Option<&mut Map<String, Json>> {
        self.statements.iter_mut().find(|s| sid(s) == Some(wanted))
    }

    /// Takes the statements of another document, which replace those with the same Sid.
    fn merge(&mut self, other: Document) {
        if !other.id.is_empty() {
            self.id = other.id;
        }
        if other.version > self.version {
            self.version = other.version;
        }
        for statement in other.statements {
            match sid(&statement).map(str::to_owned).and_then(|s| self.statement(&s)) {
                Some(held) => *held = statement,
                None => self.statements.push(statement),
            }
        }
    }

    fn print(self) -> Result<Rendered, String> {
        let mut all = Map::new();
        if !self.version.is_empty() {
            all.insert("Version".into(), self.version.into());
        }
        if !self.id.is_empty() {
            all.insert("Id".into(), self.id.into());
        }
        if !self.statements.is_empty() {
            all.insert("Statement".into(), self.statements.into_iter().map(Json::Object).collect());
        }
        let pretty = serde_json::to_string_pretty(&all).map_err(|e| e.to_string())?;
        let compact = serde_json::to_string(&all).map_err(|e| e.to_string())?;
        Ok(Rendered { json: escaped(&pretty), minified: escaped(&compact) })
    }
}

/// Go's JSON escapes what HTML could misread, wherever it is; these occur in strings only.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// A parsed statement with its members in the order in which they are printed.
fn ordered(statement: &Map<String, Json>) -> Map<String, Json> {
    const MEMBERS: [&str; 9] =
        ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"];
    let mut out = Map::new();
    for name in MEMBERS {
        let value = match statement.get(name) {
            None | Some(Json::Null) => continue,
            Some(value) if name.ends_with("Principal") => sorted(value, true),
            Some(value) if name == "Condition" => sorted(value, false),
            Some(value) => value.clone(),
        };
        out.insert(name.into(), value);
    }
    out
}

/// Objects by key; with `lists`, the lists in them in descending order, as principals are printed.
fn sorted(value: &Json, lists: bool) -> Json {
    match value {
        Json::Object(map) => {
            let mut entries: Vec<_> = map.iter().map(|(k, v)| (k.clone(), sorted(v, lists))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Json::Object(entries.into_iter().collect())
        }
        Json::Array(all) if lists => {
            let mut all = all.clone();
            all.sort_by(|a, b| b.as_str().cmp(&a.as_str()));
            Json::Array(all)
        }
        other => other.clone(),
    }
}

/// The document of the layout's own statements.
fn own(config: &Attrs) -> Result<Document, String> {
    let version = config.str("version").unwrap_or(VERSION).to_owned();
    let mut document = Document { version, id: config.string("policy_id").unwrap_or_default(), ..Document::default() };
    for block in config.blocks("statement") {
        let statement = own_statement(&block, &document.version)?;
        if let Some(sid) = sid(&statement).map(str::to_owned).filter(|s| document.statement(s).is_some()) {
            return Err(format!("duplicate Sid ({sid}); each statement needs a Sid of its own, or none"));
        }
        document.statements.push(statement);
    }
    Ok(document)
}

fn own_statement(block: &Attrs, version: &str) -> Result<Map<String, Json>, String> {
    let mut out = Map::new();
    if let Some(sid) = block.str("sid").filter(|s| !s.is_empty()) {
        out.insert("Sid".into(), sid.into());
    }
    out.insert("Effect".into(), block.str("effect").unwrap_or("Allow").into());
    for (name, member) in [("actions", "Action"), ("not_actions", "NotAction")] {
        insert_list(&mut out, member, block.strings(name));
    }
    for (name, member) in [("resources", "Resource"), ("not_resources", "NotResource")] {
        insert_list(&mut out, member, variables(block.strings(name), version)?);
    }
    for (name, member) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        let blocks = block.blocks(name);
        if !blocks.is_empty() {
            out.insert(member.into(), principals(&blocks, version)?);
        }
    }
    let conditions = block.blocks("condition");
    if !conditions.is_empty() {
        out.insert("Condition".into(), crate::rules::policy::conditions(&conditions, version)?);
    }
    Ok(out)
}

fn insert_list(out: &mut Map<String, Json>, member: &str, mut values: Vec<String>) {
    values.sort_by(|a, b| b.cmp(a));
    match values.len() {
        0 => None,
        1 => out.insert(member.into(), values.remove(0).into()),
        _ => out.insert(member.into(), values.into()),
    };
}

/// `&{` stands for `${`, which the layout language takes for itself.
fn variables(values: Vec<String>, version: &str) -> Result<Vec<String>, String> {
    let replace = |value: String| {
        if value.contains("&{") && version != VERSION {
            return Err(format!("{value:?}: a policy of version {version} has no variables; use version {VERSION}"));
        }
        Ok(value.replace("&{", "${"))
    };
    values.into_iter().map(replace).collect()
}

/// Adds values to a member that is a text while it holds one and a list when it holds more.
fn extend(map: &mut Map<String, Json>, member: &str, values: Vec<String>) {
    let mut all: Vec<Json> = match map.remove(member) {
        None => Vec::new(),
        Some(Json::Array(held)) => held,
        Some(one) => vec![one],
    };
    all.extend(values.into_iter().map(Json::from));
    map.insert(member.into(), if all.len() == 1 { all.remove(0) } else { Json::Array(all) });
}

fn principals(blocks: &[Attrs], version: &str) -> Result<Json, String> {
    let mut map = Map::new();
    for block in blocks {
        let mut identifiers = variables(block.strings("identifiers"), version)?;
        identifiers.sort_by(|a, b| b.cmp(a));
        extend(&mut map, block.str("type").unwrap_or_default(), identifiers);
    }
    if map.len() == 1 && map.get("*").and_then(Json::as_str) == Some("*") {
        return Ok("*".into());
    }
    Ok(sorted(&Json::Object(map), false))
}

fn conditions(blocks: &[Attrs], version: &str) -> Result<Json, String> {
    let mut tests = Map::new();
    for block in blocks {
        let variable = variables(vec![block.string("variable").unwrap_or_default()], version)?.remove(0);
        let values = block.elements("values").iter().filter_map(Value::as_str).map(Into::into).collect();
        let test = tests.entry(block.str("test").unwrap_or_default()).or_insert_with(|| Json::Object(Map::new()));
        if let Json::Object(test) = test {
            extend(test, &variable, variables(values, version)?);
        }
    }
    Ok(sorted(&Json::Object(tests), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(entries: &[(&'static str, Value)]) -> Value {
        Value::object(entries.iter().cloned())
    }

    fn document(entries: &[(&'static str, Value)]) -> Result<Rendered, String> {
        render(&Attrs::from_value(&block(entries)))
    }

    #[test]
    fn a_document_is_printed_as_terraform_prints_it() {
        let principals = [
            block(&[("type", "AWS".into()), ("identifiers", Value::string_set(["arn:a", "arn:b"]))]),
            block(&[("type", "Service".into()), ("identifiers", Value::string_set(["ec2.amazonaws.com"]))]),
        ];
        let condition = block(&[
            ("test", "StringLike".into()),
            ("variable", "s3:prefix".into()),
            ("values", Value::strings(["", "home/", "home/&{aws:username}/"])),
        ]);
        let statements = [
            block(&[
                ("sid", "1".into()),
                ("actions", Value::string_set(["s3:GetBucketLocation", "s3:ListAllMyBuckets"])),
                ("resources", Value::string_set(["arn:aws:s3:::*"])),
                ("principals", Value::tuple(principals.to_vec())),
            ]),
            block(&[
                ("effect", "Deny".into()),
                ("actions", Value::string_set(["s3:*"])),
                ("not_resources", Value::string_set(["arn:aws:s3:::b/&{aws:username}"])),
                ("condition", Value::tuple(vec![condition])),
            ]),
        ];
        let rendered = document(&[("statement", Value::tuple(statements.to_vec()))]).unwrap();
        insta::assert_snapshot!(rendered.json, @r#"
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "1",
              "Effect": "Allow",
              "Action": [
                "s3:ListAllMyBuckets",
                "s3:GetBucketLocation"
              ],
              "Resource": "arn:aws:s3:::*",
              "Principal": {
                "AWS": [
                  "arn:b",
                  "arn:a"
                ],
                "Service": "ec2.amazonaws.com"
              }
            },
            {
              "Effect": "Deny",
              "Action": "s3:*",
              "NotResource": "arn:aws:s3:::b/${aws:username}",
              "Condition": {
                "StringLike": {
                  "s3:prefix": [
                    "",
                    "home/",
                    "home/${aws:username}/"
                  ]
                }
              }
            }
          ]
        }
        "#);
    }

    #[test]
    fn later_documents_replace_statements_with_the_same_sid() {
        let source = r#"{"Version":"2008-10-17","Id":"x","Statement":{"Sid":"a","Effect":"Allow","Action":["1"]}}"#;
        let over = r#"{"Statement":[{"Sid":"a","Effect":"Deny","Action":"<2>"},{"Effect":"Allow","NotAction":"3"}]}"#;
        let own = block(&[("sid", "b".into()), ("actions", Value::string_set(["4"]))]);
        let rendered = document(&[
            ("source_policy_documents", Value::strings([source])),
            ("override_policy_documents", Value::strings([over])),
            ("statement", Value::tuple(vec![own])),
        ])
        .unwrap();
        assert_eq!(
            rendered.minified,
            r#"{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"a","Effect":"Deny","Action":"\u003c2\u003e"},{"Sid":"b","Effect":"Allow","Action":"4"},{"Effect":"Allow","NotAction":"3"}]}"#
        );
    }

    #[test]
    fn any_principal_is_a_star() {
        let all = block(&[("type", "*".into()), ("identifiers", Value::string_set(["*"]))]);
        let aws = block(&[("type", "AWS".into()), ("identifiers", Value::string_set(["*"]))]);
        let print = |principal: Value| {
            let statement = block(&[("principals", Value::tuple(vec![principal]))]);
            document(&[("statement", Value::tuple(vec![statement]))]).unwrap().minified
        };
        assert!(print(all).contains(r#""Principal":"*""#));
        assert!(print(aws).contains(r#""Principal":{"AWS":"*"}"#));
    }

    #[test]
    fn mistakes_are_named() {
        let twice = block(&[("sid", "a".into())]);
        assert!(document(&[("statement", Value::tuple(vec![twice.clone(), twice]))]).unwrap_err().contains("(a)"));
        let source = r#"{"Statement":[{"Sid":"a"}]}"#;
        assert!(document(&[("source_policy_documents", Value::strings([source, source]))]).is_err());
        assert!(document(&[("override_json", "{".into())]).unwrap_err().contains("not JSON"));
        let old = block(&[("resources", Value::string_set(["&{aws:username}"]))]);
        assert!(document(&[("version", "2008-10-17".into()), ("statement", Value::tuple(vec![old]))]).is_err());
    }
}

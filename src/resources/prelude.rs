//! The names that almost every resource type and data source uses: what a type is made of, its rows and cells, and the
//! calls around them.

pub(in crate::resources) use crate::aws::{Aws, Error, Kind, Result, all_of, done, each, filter, filtered, made};
pub(in crate::resources) use crate::resources::block::{
    Block, BlockList, BlockSet, Cell, Count, EnumCell, Flag, Get, Holds, Int, IntText, OptionalBlock, Positive, Put,
    Real, Switch, Text, Texts, block, held, some, text,
};
pub(in crate::resources) use crate::resources::ec2::{listed, unpaged};
pub(in crate::resources) use crate::resources::faults::faults;
pub(in crate::resources) use crate::resources::spec::{
    A, DataSource, Progress, Resource, Row, Spec, Tagging, Token, Which, rows,
};
pub(in crate::resources) use crate::resources::table::{Table, table};
pub(in crate::resources) use crate::resources::with_arn::WithArn;
pub(in crate::resources) use crate::resources::{settle, tags};
pub(in crate::resources) use crate::schema::checks::Faults;
pub(in crate::resources) use crate::schema::composite::Composite;
pub(in crate::resources) use crate::schema::normal::Normal;
pub(in crate::resources) use crate::schema::role::Unjudged;
pub(in crate::resources) use crate::schema::rows::{Recover, object_type};
pub(in crate::resources) use crate::schema::{Attribute, Attrs, Change, Nesting, Role, Schema, checks, role};
pub(in crate::resources) use crate::value::{Name, Type, Value};

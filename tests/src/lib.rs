//! Cross-cutting checks of the workspace: what the tests in `tests/tests` share.

pub mod examples;
pub mod gallery;
pub mod story;

//! Cross-cutting checks of the workspace.

//! `cargo xtask bench`.

/// Measures natively and in Chromium.
pub(crate) fn bench(_native: bool, _browser: bool) -> anyhow::Result<()> {
    anyhow::bail!("to come")
}

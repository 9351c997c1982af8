//! Settings for fixtures that were filled for a draft of a fork.

use revm::context::CfgEnv;
use revm::context_interface::cfg::GasParams;
use revm::primitives::hardfork::SpecId;

/// Which state of a fork fixtures were filled for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rules {
    /// What revm implements.
    #[default]
    Current,
    /// Amsterdam as the tests of release `bal@v5.1.0` have it: EIPs 7928, 7708, 7778, 7843 and 8024, before the
    /// repricing (EIPs 2780 and 8037), larger code (EIP-7954) and builder requests (EIP-8282).
    Bal510,
}

impl Rules {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Current, Self::Bal510];

    /// The name users see.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Bal510 => "bal@v5.1.0",
        }
    }

    /// The rules of the release that a fixture says it is from (the tag in the address of its source).
    pub(crate) fn of_release(source: &str) -> Self {
        match source.contains("/tests-bal@v5.1.0/") {
            true => Self::Bal510,
            false => Self::Current,
        }
    }

    /// The configuration of revm.
    pub(crate) fn configuration(self, fork: SpecId, chain_id: u64) -> CfgEnv {
        let mut cfg = CfgEnv::new_with_spec(fork).with_chain_id(chain_id);
        if self == Self::Bal510 && fork == SpecId::AMSTERDAM {
            cfg.set_gas_params(GasParams::new_spec(SpecId::OSAKA));
            cfg.enable_amsterdam_eip8037 = false;
            cfg.enable_amsterdam_eip2780 = false;
            cfg.limit_contract_code_size = Some(0x6000);
            cfg.limit_contract_initcode_size = Some(0xC000);
            cfg.amsterdam_eip8246_delayed_clear_disabled = true;
        }
        cfg
    }

    /// Why revm may differ from the test with this name: rules that have changed since, and that no setting brings back.
    pub(crate) fn excuse(self, test: &str) -> Option<String> {
        const CHANGED: [(&str, &str); 4] = [
            ("eip8024", "its instructions encode their operands in another way (EIP-8024)"),
            (
                "selfdestruct",
                "a self-destruct no longer burns, and so logs nothing else (EIP-8246)",
            ),
            ("extcodesize", "it costs one warm read more to look at code (EIP-8038)"),
            ("extcodecopy", "it costs one warm read more to look at code (EIP-8038)"),
        ];
        let (_, why) = CHANGED
            .iter()
            .filter(|_| self == Self::Bal510)
            .find(|(part, _)| test.contains(part))?;
        Some(format!("changed since {}: {why}", self.id()))
    }

    /// Whether builders ask for deposits and exits after the block (EIP-8282).
    pub(crate) fn builder_requests(self, fork: SpecId) -> bool {
        self == Self::Current && fork.is_enabled_in(SpecId::AMSTERDAM)
    }
}

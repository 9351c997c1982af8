//! How a transaction ended, as bytes.

use revm::context::result::{
    ExecutionResult, HaltReason, OutOfGasError, Output, ResultGas, SuccessReason,
};
use revm::primitives::{Log, LogData};

use super::wire::{Garbled, In, Out};
use crate::Outcome;

/// What a record says of an outcome that it does not tell; the coordinator finds it out itself.
const UNTOLD: u8 = 0;
const CALLED: u8 = 1;
const CREATED: u8 = 2;
const REVERTED: u8 = 3;
const HALTED: u8 = 4;

const SUCCESSES: [SuccessReason; 3] =
    [SuccessReason::Stop, SuccessReason::Return, SuccessReason::SelfDestruct];

/// Those that are plain.
const HALTS: [HaltReason; 24] = [
    HaltReason::OutOfGas(OutOfGasError::Basic),
    HaltReason::OutOfGas(OutOfGasError::MemoryLimit),
    HaltReason::OutOfGas(OutOfGasError::Memory),
    HaltReason::OutOfGas(OutOfGasError::Precompile),
    HaltReason::OutOfGas(OutOfGasError::InvalidOperand),
    HaltReason::OutOfGas(OutOfGasError::ReentrancySentry),
    HaltReason::OpcodeNotFound,
    HaltReason::InvalidFEOpcode,
    HaltReason::InvalidJump,
    HaltReason::NotActivated,
    HaltReason::StackUnderflow,
    HaltReason::StackOverflow,
    HaltReason::OutOfOffset,
    HaltReason::CreateCollision,
    HaltReason::PrecompileError,
    HaltReason::NonceOverflow,
    HaltReason::CreateContractSizeLimit,
    HaltReason::CreateContractStartingWithEF,
    HaltReason::CreateInitCodeSizeLimit,
    HaltReason::OverflowPayment,
    HaltReason::StateChangeDuringStaticCall,
    HaltReason::CallNotAllowedInsideStatic,
    HaltReason::OutOfFunds,
    HaltReason::CallTooDeep,
];

/// Writes an outcome. What is not included, or halted for a reason in words, is rare and not told.
pub(super) fn write(out: &mut Out, outcome: &Outcome) {
    let Outcome::Included(result) = outcome else { return out.byte(UNTOLD) };
    match result {
        ExecutionResult::Success { reason, gas, logs, output } => {
            out.byte(if matches!(output, Output::Call(_)) { CALLED } else { CREATED });
            out.byte(place(&SUCCESSES, reason).unwrap_or_default());
            write_gas(out, gas);
            write_logs(out, logs);
            out.bytes(output.data());
            if let Output::Create(_, address) = output {
                out.byte(u8::from(address.is_some()));
                address.iter().for_each(|address| out.address(address));
            }
        }
        ExecutionResult::Revert { gas, logs, output } => {
            out.byte(REVERTED);
            write_gas(out, gas);
            write_logs(out, logs);
            out.bytes(output);
        }
        ExecutionResult::Halt { reason, gas, logs } => {
            let Some(reason) = place(&HALTS, reason) else { return out.byte(UNTOLD) };
            out.byte(HALTED);
            out.byte(reason);
            write_gas(out, gas);
            write_logs(out, logs);
        }
    }
}

/// Reads what [`write`] has written; `None` where that has not told it.
pub(super) fn read(of: &mut In<'_>) -> Result<Option<Outcome>, Garbled> {
    let kind = of.byte()?;
    let result = match kind {
        UNTOLD => return Ok(None),
        CALLED | CREATED => {
            let reason = of.one_of(&SUCCESSES)?;
            let (gas, logs, data) = (read_gas(of)?, read_logs(of)?, of.bytes()?);
            let output = match kind {
                CALLED => Output::Call(data.into()),
                _ if of.byte()? == 1 => Output::Create(data.into(), Some(of.address()?)),
                _ => Output::Create(data.into(), None),
            };
            ExecutionResult::Success { reason, gas, logs, output }
        }
        REVERTED => ExecutionResult::Revert {
            gas: read_gas(of)?,
            logs: read_logs(of)?,
            output: of.bytes()?.into(),
        },
        HALTED => ExecutionResult::Halt {
            reason: of.one_of(&HALTS)?,
            gas: read_gas(of)?,
            logs: read_logs(of)?,
        },
        _ => return Err(Garbled),
    };
    Ok(Some(Outcome::Included(result)))
}

fn write_gas(out: &mut Out, gas: &ResultGas) {
    out.number(gas.total_gas_spent());
    out.number(gas.inner_refunded());
    out.number(gas.floor_gas());
    out.number(gas.state_gas_spent_final());
}

fn read_gas(of: &mut In<'_>) -> Result<ResultGas, Garbled> {
    let (spent, refunded) = (of.number()?, of.number()?);
    Ok(ResultGas::new_with_state_gas(spent, refunded, of.number()?, of.number()?))
}

fn write_logs(out: &mut Out, logs: &[Log]) {
    out.list(logs, |out, log| {
        out.address(&log.address);
        out.list(log.topics(), Out::hash);
        out.bytes(&log.data.data);
    });
}

fn read_logs(of: &mut In<'_>) -> Result<Vec<Log>, Garbled> {
    of.list(|of| {
        let address = of.address()?;
        let (topics, data) = (of.list(In::hash)?, of.bytes()?.into());
        Ok(Log { address, data: LogData::new(topics, data).ok_or(Garbled)? })
    })
}

fn place<T: PartialEq>(list: &[T], item: &T) -> Option<u8> {
    list.iter().position(|one| one == item).map(|place| place as u8)
}

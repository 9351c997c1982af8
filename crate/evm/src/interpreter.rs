//! The loop that runs a frame's code, faster than revm's and otherwise the same.
//!
//! revm calls every instruction through a table of functions. Here a `match` leads to the instructions that are most of
//! what contracts execute, which are revm's own functions, now inlined; all others go through the table. What an
//! instruction costs before it runs is read from revm's gas table of the fork.

use revm::bytecode::opcode as op;
use revm::interpreter::instructions::{arithmetic, bitwise, control, host, memory, stack, system};
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_types::{Jumps as _, LoopControl as _};
use revm::interpreter::{
    InstructionContext, InstructionExecResult, InstructionResult, Interpreter, InterpreterAction,
};

use crate::evm::{Host, Instructions};

/// Executes `interpreter`'s code until it ends or calls.
pub(crate) fn run(
    interpreter: &mut Interpreter<EthInterpreter>,
    instructions: &Instructions,
    host: &mut Host,
) -> InterpreterAction {
    let end = loop {
        if let Err(end) = step(interpreter, instructions, host) {
            break end;
        }
    };
    if interpreter.bytecode.action().is_none() {
        interpreter.halt(end);
    }
    interpreter.take_next_action()
}

/// Executes the next instruction.
#[inline(always)]
fn step(
    interpreter: &mut Interpreter<EthInterpreter>,
    instructions: &Instructions,
    host: &mut Host,
) -> InstructionExecResult {
    // Code ends with a STOP, which revm's analysis puts behind it where there is none.
    let opcode = interpreter.bytecode.opcode();
    interpreter.bytecode.relative_jump(1);
    if interpreter.gas.record_cost_unsafe(u64::from(instructions.gas_table()[opcode as usize])) {
        return Err(InstructionResult::OutOfGas);
    }
    let context = InstructionContext { interpreter, host };
    match opcode {
        op::ADD => arithmetic::add(context),
        op::MUL => arithmetic::mul(context),
        op::SUB => arithmetic::sub(context),
        op::DIV => arithmetic::div(context),
        op::LT => bitwise::lt(context),
        op::GT => bitwise::gt(context),
        op::SLT => bitwise::slt(context),
        op::SGT => bitwise::sgt(context),
        op::EQ => bitwise::eq(context),
        op::ISZERO => bitwise::iszero(context),
        op::AND => bitwise::bitand(context),
        op::OR => bitwise::bitor(context),
        op::XOR => bitwise::bitxor(context),
        op::NOT => bitwise::not(context),
        op::SHL => bitwise::shl(context),
        op::SHR => bitwise::shr(context),
        op::CALLER => system::caller(context),
        op::CALLVALUE => system::callvalue(context),
        op::CALLDATALOAD => system::calldataload(context),
        op::CALLDATASIZE => system::calldatasize(context),
        op::POP => stack::pop(context),
        op::MLOAD => memory::mload(context),
        op::MSTORE => memory::mstore(context),
        op::SLOAD => host::sload(context),
        op::JUMP => control::jump(context),
        op::JUMPI => control::jumpi(context),
        op::GAS => system::gas(context),
        op::JUMPDEST => control::jumpdest(context),
        op::PUSH0 => stack::push0(context),
        op::PUSH1 => stack::push::<1, _, _>(context),
        op::PUSH2 => stack::push::<2, _, _>(context),
        op::PUSH3 => stack::push::<3, _, _>(context),
        op::PUSH4 => stack::push::<4, _, _>(context),
        op::PUSH20 => stack::push::<20, _, _>(context),
        op::PUSH32 => stack::push::<32, _, _>(context),
        op::DUP1 => stack::dup::<1, _, _>(context),
        op::DUP2 => stack::dup::<2, _, _>(context),
        op::DUP3 => stack::dup::<3, _, _>(context),
        op::DUP4 => stack::dup::<4, _, _>(context),
        op::DUP5 => stack::dup::<5, _, _>(context),
        op::DUP6 => stack::dup::<6, _, _>(context),
        op::DUP7 => stack::dup::<7, _, _>(context),
        op::DUP8 => stack::dup::<8, _, _>(context),
        op::SWAP1 => stack::swap::<1, _, _>(context),
        op::SWAP2 => stack::swap::<2, _, _>(context),
        op::SWAP3 => stack::swap::<3, _, _>(context),
        op::SWAP4 => stack::swap::<4, _, _>(context),
        op::SWAP5 => stack::swap::<5, _, _>(context),
        op::SWAP6 => stack::swap::<6, _, _>(context),
        _ => instructions.instruction_table()[opcode as usize].execute(context),
    }
}

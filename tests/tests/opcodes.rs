//! `web/src/workshop/opcodes.ts`, by which the page disassembles, is revm's table. `UPDATE_EXPECT=1` rewrites it.

use std::fmt::Write;

use revm::bytecode::opcode::OpCode;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src/workshop/opcodes.ts");

#[test]
fn the_pages_table_is_revms() {
    let mut expected = String::from(
        "// Generated from revm by tests/tests/opcodes.rs. Do not edit.\n\n\
         /** Name and number of bytes of the operand, by the instruction's byte. */\n\
         export const OPCODES: Readonly<Record<number, readonly [name: string, operand: number]>> = {\n",
    );
    for byte in 0..=u8::MAX {
        if let Some(opcode) = OpCode::new(byte) {
            let (name, operand) = (opcode.as_str(), opcode.info().immediate_size());
            let _ = writeln!(expected, "  0x{byte:02x}: [\"{name}\", {operand}],");
        }
    }
    expected.push_str("};\n");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(FILE, &expected).expect("opcodes.ts can be written");
    }
    let actual = std::fs::read_to_string(FILE).unwrap_or_default();
    assert_eq!(actual, expected, "opcodes.ts is stale: run this test with UPDATE_EXPECT=1");
}

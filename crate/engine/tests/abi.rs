//! Our ABI encoder and decoder against alloy-dyn-abi, on random types and values.

use alloy_dyn_abi::{DynSolType, DynSolValue};
use evm_lanes_engine::scenario::abi::{self, Callable};
use evm_lanes_engine::scenario::{self, Library};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;
use revm::primitives::{Address, B256, I256, U256, hex};
use serde_json::{Value, json};

struct Source(Pcg64);

impl Source {
    fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64() % bound
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.0.next_u64() as u8).collect()
    }

    fn ty(&mut self, depth: u32) -> DynSolType {
        let kinds = if depth == 0 { 7 } else { 10 };
        match self.below(kinds) {
            0 => DynSolType::Uint(8 * (1 + self.below(32) as usize)),
            1 => DynSolType::Int(8 * (1 + self.below(32) as usize)),
            2 => DynSolType::Address,
            3 => DynSolType::Bool,
            4 => DynSolType::FixedBytes(1 + self.below(32) as usize),
            5 => DynSolType::Bytes,
            6 => DynSolType::String,
            7 => DynSolType::Array(Box::new(self.ty(depth - 1))),
            8 => DynSolType::FixedArray(Box::new(self.ty(depth - 1)), 1 + self.below(3) as usize),
            _ => DynSolType::Tuple((0..=self.below(3)).map(|_| self.ty(depth - 1)).collect()),
        }
    }

    /// A value of the type, as alloy has it and as a scenario writes it.
    fn value(&mut self, ty: &DynSolType) -> (DynSolValue, Value) {
        match ty {
            DynSolType::Uint(bits) => {
                let value = U256::from_be_slice(&self.bytes(32)) >> (256 - bits);
                (DynSolValue::Uint(value, *bits), json!(value.to_string()))
            }
            DynSolType::Int(bits) => {
                let raw = I256::from_raw(U256::from_be_slice(&self.bytes(32)));
                let value = raw.asr(256 - bits);
                (DynSolValue::Int(value, *bits), json!(value.to_string()))
            }
            DynSolType::Address => {
                let address = Address::from_slice(&self.bytes(20));
                (DynSolValue::Address(address), json!(address.to_checksum(None)))
            }
            DynSolType::Bool => {
                let value = self.below(2) == 1;
                (DynSolValue::Bool(value), json!(value))
            }
            DynSolType::FixedBytes(size) => {
                let bytes = self.bytes(*size);
                let value = DynSolValue::FixedBytes(B256::right_padding_from(&bytes), *size);
                (value, json!(hex::encode_prefixed(bytes)))
            }
            DynSolType::Bytes => {
                let length = self.below(70) as usize;
                let bytes = self.bytes(length);
                (DynSolValue::Bytes(bytes.clone()), json!(hex::encode_prefixed(bytes)))
            }
            DynSolType::String => {
                let text = "word \u{e9} ".repeat(self.below(9) as usize);
                (DynSolValue::String(text.clone()), json!(text))
            }
            DynSolType::Array(inner) => {
                let (values, texts) = self.values(inner, self.0.clone().next_u64() % 4);
                (DynSolValue::Array(values), texts)
            }
            DynSolType::FixedArray(inner, size) => {
                let (values, texts) = self.values(inner, *size as u64);
                (DynSolValue::FixedArray(values), texts)
            }
            DynSolType::Tuple(members) => {
                let (values, texts) = members.iter().map(|ty| self.value(ty)).unzip();
                (DynSolValue::Tuple(values), Value::Array(texts))
            }
            _ => unreachable!("not generated"),
        }
    }

    fn values(&mut self, ty: &DynSolType, count: u64) -> (Vec<DynSolValue>, Value) {
        let (values, texts): (Vec<_>, Vec<_>) = (0..count).map(|_| self.value(ty)).unzip();
        (values, Value::Array(texts))
    }
}

#[test]
fn encoding_and_decoding_agree_with_alloy() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    println!("SEED={seed}");
    let mut source = Source(Pcg64::new(seed, 3));
    for _ in 0..1000 {
        let types: Vec<DynSolType> = (0..source.below(4)).map(|_| source.ty(3)).collect();
        let (values, texts): (Vec<_>, Vec<_>) = types.iter().map(|ty| source.value(ty)).unzip();
        let names: Vec<String> = // alloy writes a tuple of one as Rust does.
            types.iter().map(|ty| ty.to_string().replace(",)", ")")).collect();
        let signature = format!("f({})", names.join(","));
        let text = json!({ "transactions": [
            { "from": "a", "to": "b", "call": signature, "args": texts }
        ] })
        .to_string();
        let (scenario, diagnostics) = scenario::read(&text, Library::bundled());
        let scenario = scenario.unwrap_or_else(|| panic!("{text}\n{diagnostics:?}"));
        let data = &scenario.transactions[0].env.data;
        let expected = DynSolValue::Tuple(values).abi_encode_params();
        assert_eq!(hex::encode(&data[4..]), hex::encode(&expected), "{text}");
        // What we decode encodes to the same again.
        let callable = Callable::parse(&signature).unwrap();
        assert_eq!(callable.signature(), signature);
        let tokens = abi::decode(callable.inputs.iter().map(|(_, ty)| ty), &expected).unwrap();
        assert_eq!(abi::encode(&tokens), expected);
    }
}

#[test]
fn decoding_random_data_neither_panics_nor_grows() {
    let mut source = Source(Pcg64::new(7, 4));
    for _ in 0..3000 {
        let ty = source.ty(3);
        let callable = Callable::parse(&format!("f({ty})").replace(",)", ")")).unwrap();
        let words = source.below(12);
        let mut data = Vec::new();
        for _ in 0..words {
            // Small numbers make plausible offsets and lengths.
            data.extend(
                match source.below(3) {
                    0 => U256::MAX,
                    1 => U256::from(source.below(400)),
                    _ => U256::from(32 * source.below(12)),
                }
                .to_be_bytes::<32>(),
            );
        }
        let _ = abi::decode(callable.inputs.iter().map(|(_, ty)| ty), &data);
    }
    // A list of lists of lists, all of which lie at the same place.
    let callable = Callable::parse("f(uint256[][][][][][])").unwrap();
    let mut data = U256::from(32).to_be_bytes::<32>().to_vec();
    for _ in 0..2000 {
        data.extend(U256::from(1000).to_be_bytes::<32>());
    }
    assert_eq!(abi::decode(callable.inputs.iter().map(|(_, ty)| ty), &data), None);
}

#[test]
fn calls_events_and_reverts_are_put_in_words() {
    let text = r#"{
        "accounts": { "token": { "contract": "Token", "args": ["Gold", "GLD", "alice"] } },
        "transactions": [{ "from": "alice", "to": "token", "call": "transfer", "args": ["bob", "1.5 ether"] }]
    }"#;
    let library = Library::bundled();
    let scenario = scenario::read(text, library).0.unwrap();
    let [alice, bob, token] = ["alice", "bob", "token"].map(scenario::named_address);
    let names = &scenario.names;
    let data = &scenario.transactions[0].env.data;
    assert_eq!(abi::describe_call(names, token, data).unwrap(), "transfer(bob, 1.5e18)");
    let yes = U256::from(1).to_be_bytes::<32>();
    assert_eq!(abi::describe_output(names, token, data, &yes).unwrap(), "true");
    let topic = revm::primitives::keccak256("Transfer(address,address,uint256)");
    let topics = [topic, alice.into_word(), bob.into_word()];
    assert_eq!(
        abi::describe_event(names, library, token, &topics, &U256::from(5).to_be_bytes::<32>())
            .unwrap(),
        "Transfer(from: alice, to: bob, amount: 5)"
    );
    let custom = |signature: &str, values: DynSolValue| {
        [&revm::primitives::keccak256(signature)[..4], &values.abi_encode_params()].concat()
    };
    let output =
        custom("Error(string)", DynSolValue::Tuple(vec![DynSolValue::String("no".into())]));
    assert_eq!(abi::describe_revert(names, library, Some(token), &output).unwrap(), "\"no\"");
    let output = custom(
        "Panic(uint256)",
        DynSolValue::Tuple(vec![DynSolValue::Uint(U256::from(0x11), 256)]),
    );
    assert_eq!(
        abi::describe_revert(names, library, Some(token), &output).unwrap(),
        "panic 0x11: arithmetic overflow"
    );
    let amount = |value: u64| DynSolValue::Uint(U256::from(value), 256);
    let output = custom(
        "InsufficientBalance(address,uint256,uint256)",
        DynSolValue::Tuple(vec![DynSolValue::Address(bob), amount(1), amount(2)]),
    );
    assert_eq!(
        abi::describe_revert(names, library, None, &output).unwrap(),
        "InsufficientBalance(account: bob, balance: 1, needed: 2)"
    );
    assert_eq!(abi::describe_revert(names, library, None, &[]), None);
    assert_eq!(
        abi::describe_revert(names, library, None, &[1, 2]).unwrap(),
        "reverted with 0x0102"
    );
}

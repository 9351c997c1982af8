import type { Language, SourceFile } from "../compiler/protocol.ts";

/** What the editor shows before anything was typed: a contract with one slot that everybody writes. */
export const STARTERS: Readonly<Record<Language, SourceFile>> = {
  Solidity: {
    name: "Counter.sol",
    text: `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

contract Counter {
    uint256 public total;
    mapping(address => uint256) public countOf;

    event Counted(address indexed who, uint256 total);

    constructor(uint256 start) {
        total = start;
    }

    function count(uint256 amount) external {
        total += amount;
        countOf[msg.sender] += amount;
        emit Counted(msg.sender, total);
    }
}
`,
  },
  Yul: {
    name: "Counter.yul",
    text: `// Adds one to slot 0 with every call.
object "Counter" {
  code {
    datacopy(0, dataoffset("runtime"), datasize("runtime"))
    return(0, datasize("runtime"))
  }
  object "runtime" {
    code {
      sstore(0, add(sload(0), 1))
    }
  }
}
`,
  },
};

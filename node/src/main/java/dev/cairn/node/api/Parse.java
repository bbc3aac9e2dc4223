package dev.cairn.node.api;

import dev.cairn.core.Address;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.node.rpc.RpcException;
import java.util.function.Function;

/// Parameters of the chain's own types, each fault with the parameter's name.
final class Parse {

  private Parse() {}

  static Cid cid(String name, String text) {
    return parse(name, text, Cid::parse);
  }

  static Address address(String name, String text) {
    return parse(name, text, Address::parse);
  }

  static String recordName(String text) {
    return parse("name", text, RecordEntry::checkName);
  }

  static <T> T parse(String name, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (MalformedException | IllegalArgumentException e) {
      throw new RpcException(
          RpcException.INVALID_PARAMS, "parameter '" + name + "': " + e.getMessage());
    }
  }

  static RpcException busy() {
    return new RpcException(RpcException.BUSY, "the node is too busy to answer; try again later");
  }
}

package dev.cairn.core.state;

import dev.cairn.core.Address;
import org.apache.tuweni.bytes.Bytes;

/// The state while a block is executed. What a refused transaction wrote is taken back by the
/// ledger.
public interface StateWriter extends StateView {

  void put(StateKey key, Bytes value);

  void remove(StateKey key);

  default void put(Address address, Account account) {
    put(StateKey.account(address), account.encode());
  }
}

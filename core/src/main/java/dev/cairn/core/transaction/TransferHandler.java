package dev.cairn.core.transaction;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.state.Account;
import dev.cairn.core.state.StateWriter;
import dev.cairn.multiformats.cbor.CborReader;

/// Moves money from the sender to another account, or to itself.
public final class TransferHandler implements TransactionHandler {

  /// For the service loader.
  public TransferHandler() {}

  @Override
  public int tag() {
    return Transfer.TAG;
  }

  @Override
  public String name() {
    return "transfer";
  }

  @Override
  public Payload decode(CborReader reader, int fields) {
    TransactionHandlers.expectFields(2, fields);
    return new Transfer(Address.of(reader.bytesOf(Address.BYTES)), reader.uint());
  }

  @Override
  public Verdict apply(Transaction transaction, StateWriter state, BlockContext block) {
    Transfer transfer = (Transfer) transaction.payload();
    Account sender = state.account(transaction.sender());
    if (sender.balance() < transfer.amount()) {
      return Verdict.reject(
          "the balance "
              + sender.balance()
              + " left after the fee does not cover a transfer of "
              + transfer.amount());
    }
    state.put(
        transaction.sender(), new Account(sender.balance() - transfer.amount(), sender.nonce()));
    state.put(transfer.to(), state.account(transfer.to()).credit(transfer.amount()));
    return Verdict.accept();
  }
}

package dev.cairn.core.state;

import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import org.apache.tuweni.bytes.Bytes;

/// An account's value in the state, `[balance, nonce]`.
///
/// @param balance base units, 0 to 2^63-1
/// @param nonce how many transactions the account has sent: what its next one must carry
public record Account(long balance, long nonce) {

  public static final Account EMPTY = new Account(0, 0);

  public Account {
    if (balance < 0 || nonce < 0) {
      throw new IllegalArgumentException("balance " + balance + ", nonce " + nonce);
    }
  }

  /// @throws dev.cairn.multiformats.MalformedException when the bytes are not an account
  public static Account decode(Bytes value) {
    CborReader reader = new CborReader(value.toArrayUnsafe());
    reader.array(2);
    Account account = new Account(reader.uint(), reader.uint());
    reader.end();
    return account;
  }

  public Bytes encode() {
    return Bytes.wrap(new CborWriter().array(2).uint(balance).uint(nonce).toBytes());
  }

  /// The account with more money.
  ///
  /// @throws ArithmeticException past 2^63-1, which the limit on the supply rules out
  public Account credit(long amount) {
    return new Account(Math.addExact(balance, amount), nonce);
  }
}

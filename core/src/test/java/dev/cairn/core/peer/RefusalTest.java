package dev.cairn.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.TestChain;
import dev.cairn.core.peer.SubmitResult.Code;
import dev.cairn.core.peer.SubmitResult.Refused;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import org.junit.jupiter.api.Test;

/// Each refusal has its code and says what would have been right.
class RefusalTest {

  private final TestChain chain = new TestChain(3);
  private final TestPeer peer = TestPeer.validator(chain);
  private final Payload payload = new Transfer(chain.address(1), 5);

  private void refused(Code code, String words, Transaction transaction) {
    Refused refused = assertInstanceOf(Refused.class, peer.result(transaction));
    assertEquals(code, refused.code(), refused.reason());
    assertTrue(refused.reason().contains(words), refused.reason());
  }

  private void accepted(Transaction transaction) {
    assertInstanceOf(SubmitResult.Accepted.class, peer.result(transaction));
  }

  @Test
  void wrong_nonce_names_the_right_one() {
    accepted(chain.transfer(0, 0, 1, 5));
    refused(Code.WRONG_NONCE, "expected 1, got 0", chain.transfer(0, 0, 1, 6));
    refused(Code.WRONG_NONCE, "expected 1 to 64, got 65", chain.transfer(0, 65, 1, 5));
    accepted(chain.transfer(0, 64, 1, 5));
    accepted(chain.transfer(0, 1, 1, 5));
  }

  @Test
  void a_final_transaction_is_not_taken_again() {
    Transaction transfer = chain.transfer(0, 0, 1, 5);
    accepted(transfer);
    refused(Code.ALREADY_FINAL, "final already", transfer);
  }

  @Test
  void what_is_pending_is_accepted_again() {
    Transaction later = chain.transfer(0, 3, 1, 5);
    accepted(later);
    accepted(later);
    assertEquals(1, peer.machine.view().mempool());
    refused(Code.REPLACEMENT_UNDERPRICED, "10 %", chain.transfer(0, 3, 1, 6));
    accepted(chain.sign(0, 3, TestChain.FEE * 11 / 10 + 1, payload));
  }

  @Test
  void insufficient_balance_says_what_there_is() {
    refused(
        Code.INSUFFICIENT_BALANCE,
        "insufficient balance: " + TestChain.FUNDS,
        chain.transfer(0, 0, 1, TestChain.FUNDS));
    accepted(chain.transfer(0, 0, 1, TestChain.FUNDS - TestChain.FEE));
  }

  @Test
  void a_fee_under_the_floor_names_the_floor() {
    Transaction cheap = chain.sign(0, 0, 1, payload);
    refused(Code.FEE_BELOW_FLOOR, "" + cheap.size(), cheap);
    accepted(chain.sign(0, 0, cheap.size() + 2L, payload));
  }

  @Test
  void validity_has_both_its_ends() {
    refused(Code.EXPIRED, "was valid until", validFor(-1));
    refused(Code.VALID_TOO_LONG, "24 hours", validFor(24 * 3_600_000L + 1));
    accepted(validFor(24 * 3_600_000L));
  }

  /// Valid for so long from the moment at which [TestPeer#result] submits it.
  private Transaction validFor(long millis) {
    long now = TestChain.GENESIS_TIME + peer.millis + 20;
    return Transaction.sign(
        chain.domain(), chain.accountKey(0), 0, TestChain.FEE, now + millis, payload);
  }
}

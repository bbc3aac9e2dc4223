package dev.cairn.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.core.TestChain;
import dev.cairn.core.transaction.Transaction;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionsMessageTest {

  private final TestChain chain = new TestChain(2);

  @Test
  void a_transaction_does_not_keep_the_message_that_it_came_in() {
    List<Transaction> sent = List.of(chain.transfer(0, 0, 1, 5), chain.transfer(0, 1, 1, 6));
    byte[] message = TransactionsMessage.encode(sent);
    List<Transaction> read = TransactionsMessage.decode(message);
    Arrays.fill(message, (byte) 0);
    for (int i = 0; i < sent.size(); i++) {
      assertEquals(sent.get(i).encoded(), read.get(i).encoded());
    }
  }
}

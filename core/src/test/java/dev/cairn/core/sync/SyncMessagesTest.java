package dev.cairn.core.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Hash;
import dev.cairn.core.TestChain;
import dev.cairn.core.peer.TransactionsMessage;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// The limits of spec/sync.md's messages, each with what just fits.
class SyncMessagesTest {

  private final MadeChain chain = MadeChain.ofLength(2);

  private static String fault(Runnable action) {
    return String.valueOf(assertThrows(MalformedException.class, action::run).getMessage());
  }

  @Test
  void a_status_has_at_most_256_bytes_and_its_final_height_is_not_above_its_height() {
    Cid block = chain.genesis();
    Status largest = new Status(Hash.ZERO, block, Long.MAX_VALUE, block, Long.MAX_VALUE, block);
    assertTrue(largest.encode().length <= Status.BYTES_MAX, "every status fits");
    assertEquals(largest, Status.decode(largest.encode()));
    assertTrue(fault(() -> Status.decode(new byte[257])).contains("257 bytes"));
    assertFalse(fault(() -> Status.decode(new byte[256])).contains("256 bytes"));
    assertThrows(MalformedException.class, () -> new Status(Hash.ZERO, block, 1, block, 2, block));
    assertThrows(MalformedException.class, () -> new Status(Hash.ZERO, block, 1, block, -1, block));
  }

  @Test
  void a_request_has_at_most_64_bytes_and_a_range_1_to_64_blocks_above_the_genesis() {
    RangeRequest largest = new RangeRequest(Long.MAX_VALUE - RangeRequest.COUNT_MAX, 64);
    assertEquals(largest, BlocksRequest.decode(largest.encode()));
    assertEquals(Long.MAX_VALUE - 1, largest.last());
    BlockRequest block = new BlockRequest(chain.genesis());
    assertTrue(block.encode().length <= BlocksRequest.BYTES_MAX);
    assertEquals(block, BlocksRequest.decode(block.encode()));
    assertTrue(fault(() -> BlocksRequest.decode(new byte[65])).contains("65 bytes"));
    assertFalse(fault(() -> BlocksRequest.decode(new byte[64])).contains("64 bytes"));
    HeadersRequest headers = new HeadersRequest(Long.MAX_VALUE - HeadersRequest.COUNT_MAX, 512);
    assertEquals(headers, BlocksRequest.decode(headers.encode()));
    assertThrows(MalformedException.class, () -> new HeadersRequest(0, 1));
    assertThrows(MalformedException.class, () -> new HeadersRequest(1, 513));
    assertThrows(MalformedException.class, () -> new RangeRequest(0, 1));
    assertThrows(MalformedException.class, () -> new RangeRequest(1, 0));
    assertThrows(MalformedException.class, () -> new RangeRequest(1, 65));
    assertThrows(MalformedException.class, () -> new RangeRequest(Long.MAX_VALUE - 63, 64));
  }

  @Test
  void a_block_message_comes_back_with_and_without_what_is_beside_it() {
    BlockMessage certified = chain.at(1);
    BlockMessage bare = new BlockMessage(certified.block(), Bytes.EMPTY);
    assertEquals(certified, BlockMessage.decode(certified.encode()));
    assertEquals(bare, BlockMessage.decode(bare.encode()));
    assertFalse(BlockMessage.decode(bare.encode()).sealed());
    assertArrayEquals(
        certified.encode(),
        BlockMessage.encode(chain.store().block(certified.block().id()).orElseThrow()));
  }

  @Test
  void a_block_message_has_at_most_1000008_bytes() {
    byte[] seal = sealFor(BlockMessage.BYTES_MAX);
    BlockMessage fits = new BlockMessage(chain.at(1).block(), Bytes.wrap(seal));
    assertEquals(BlockMessage.BYTES_MAX, fits.encode().length);
    assertEquals(fits, BlockMessage.decode(fits.encode()));
    byte[] more = sealFor(BlockMessage.BYTES_MAX + 1);
    byte[] tooLong = new BlockMessage(chain.at(1).block(), Bytes.wrap(more)).encode();
    assertTrue(fault(() -> BlockMessage.decode(tooLong)).contains("1000009 bytes"));
  }

  /// A byte string that makes the message of the first block so long.
  private byte[] sealFor(int messageBytes) {
    int others = new BlockMessage(chain.at(1).block(), Bytes.EMPTY).encode().length - 1;
    int head = 5;
    return new CborWriter().bytes(new byte[messageBytes - others - head]).toBytes();
  }

  @Test
  void a_transactions_message_has_at_most_65536_bytes_and_1_transaction_or_more() {
    TestChain test = chain.chain();
    List<Transaction> two =
        List.of(put(test, 0, 32_000), put(test, 1, 32_000), put(test, 2, 1_000));
    byte[] fits = TransactionsMessage.encode(two);
    assertTrue(fits.length <= TransactionsMessage.BYTES_MAX, "fits");
    assertEquals(
        two.stream().map(Transaction::id).toList(),
        TransactionsMessage.decode(fits).stream().map(Transaction::id).toList());
    List<Transaction> more = new ArrayList<>(two);
    more.add(put(test, 3, 1_000));
    byte[] tooLong = TransactionsMessage.encode(more);
    assertTrue(tooLong.length > TransactionsMessage.BYTES_MAX);
    assertTrue(
        fault(() -> TransactionsMessage.decode(tooLong)).contains(tooLong.length + " bytes"));
    assertThrows(
        MalformedException.class,
        () -> TransactionsMessage.decode(TransactionsMessage.encode(List.of())));
  }

  private static Transaction put(TestChain chain, long nonce, int bytes) {
    RecordValue value = new RecordValue.Inline(Bytes.wrap(new byte[bytes]));
    return chain.sign(0, nonce, 100_000, new Put("name", value, OptionalLong.empty()));
  }
}

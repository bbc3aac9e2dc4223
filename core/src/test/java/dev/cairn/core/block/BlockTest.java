package dev.cairn.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Hash;
import dev.cairn.core.TestChain;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class BlockTest {

  private static final Bytes TUPLE = Bytes.wrap(new CborWriter().array(1).uint(5).toBytes());
  private static final Cid PARENT = Cid.hash(Cid.DAG_CBOR, new byte[1]);

  private final TestChain chain = new TestChain(2);
  private final Body body =
      Body.of(List.of(chain.transfer(0, 0, 1, 5), chain.transfer(1, 0, 0, 6)));

  private Block block(Sealer sealer) {
    return Block.seal(4, 99, Optional.of(PARENT), body, Hash.ZERO, TUPLE, sealer);
  }

  @Test
  void what_is_sealed_comes_back() {
    Bytes seal = Bytes.fromHexString("0x010203");
    Block made = block((height, fields) -> Optional.of(seal));
    Block read = Block.decode(made.headerBytes().toArray(), made.bodyBytes().toArray());
    assertEquals(made, read);
    assertEquals(4, read.height());
    assertEquals(Optional.of(PARENT), read.parent());
    assertEquals(body.transactions(), read.transactions());
    assertEquals(TUPLE, read.header().consensus());
    assertEquals(Optional.of(seal), read.header().seal());
    assertEquals(Cid.hash(Cid.DAG_CBOR, made.headerBytes().toArray()), read.id());
    assertEquals(made.headerBytes().size() + made.bodyBytes().size(), read.size());
  }

  @Test
  void the_seal_is_made_over_the_slice_that_is_read_back() {
    Slice[] seen = new Slice[1];
    Block made =
        block(
            (height, fields) -> {
              seen[0] = fields;
              return Optional.of(Bytes.of(9));
            });
    assertEquals(seen[0], Header.decode(made.headerBytes().toArray()).signed());
  }

  @Test
  void refuses_a_body_that_the_header_does_not_name() {
    Block made = block(Sealer.NONE);
    byte[] other = Body.of(List.of(chain.transfer(0, 0, 1, 7))).encoded().toArray();
    assertThrows(MalformedException.class, () -> Block.decode(made.headerBytes().toArray(), other));
  }

  @Test
  void refuses_a_transaction_root_that_is_not_the_bodys() {
    byte[] fields =
        new HeaderFields(4, 99, Optional.of(PARENT), body.id(), Hash.ZERO, Hash.ZERO, TUPLE)
            .encode();
    Header header = Header.of(fields, Optional.empty());
    assertThrows(MalformedException.class, () -> Block.join(header, body));
  }

  @Test
  void only_genesis_has_no_parent() {
    Hash root = TransactionTree.root(body.transactionIds());
    assertThrows(
        MalformedException.class,
        () -> new HeaderFields(1, 99, Optional.empty(), body.id(), root, Hash.ZERO, TUPLE));
    assertThrows(
        MalformedException.class,
        () -> new HeaderFields(0, 99, Optional.of(PARENT), body.id(), root, Hash.ZERO, TUPLE));
  }

  @Test
  void links_are_dag_cbor_cids_only() {
    Cid raw = Cid.hash(Cid.RAW, new byte[1]);
    byte[] fields =
        new HeaderFields(4, 99, Optional.of(raw), body.id(), Hash.ZERO, Hash.ZERO, TUPLE).encode();
    assertThrows(MalformedException.class, () -> Header.of(fields, Optional.empty()));
  }

  @Test
  void the_consensus_tuple_is_an_array_of_limited_size() {
    Bytes number = Bytes.wrap(new CborWriter().uint(5).toBytes());
    assertThrows(
        MalformedException.class,
        () -> Block.seal(4, 99, Optional.of(PARENT), body, Hash.ZERO, number, Sealer.NONE));
    Bytes large =
        Bytes.wrap(
            new CborWriter().array(1).bytes(new byte[HeaderFields.CONSENSUS_BYTES_MAX]).toBytes());
    assertThrows(
        MalformedException.class,
        () -> Block.seal(4, 99, Optional.of(PARENT), body, Hash.ZERO, large, Sealer.NONE));
  }

  @Test
  void the_seal_and_the_body_have_limits() {
    Bytes seal = Bytes.wrap(new byte[Header.SEAL_BYTES_MAX]);
    block((height, fields) -> Optional.of(seal));
    Bytes longer = Bytes.wrap(new byte[Header.SEAL_BYTES_MAX + 1]);
    assertThrows(MalformedException.class, () -> block((height, fields) -> Optional.of(longer)));
    assertThrows(MalformedException.class, () -> Body.decode(new byte[Block.BYTES_MAX + 1]));
    assertThrows(MalformedException.class, () -> Header.decode(new byte[Header.BYTES_MAX + 1]));
  }

  @Test
  void knows_a_bodys_size_beforehand() {
    for (int count : List.of(0, 1, 23, 24, 30)) {
      Body made = Body.of(Collections.nCopies(count, chain.transfer(0, 0, 1, 5)));
      int bytes = made.transactions().stream().mapToInt(t -> t.size()).sum();
      assertEquals(made.size(), Body.sizeOf(count, bytes));
    }
    assertTrue(Body.of(List.of()).size() == 1);
  }
}

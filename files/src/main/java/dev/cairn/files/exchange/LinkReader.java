package dev.cairn.files.exchange;

import dev.cairn.multiformats.Cid;
import java.util.List;

/// What a block of a DAG links to, in order.
@FunctionalInterface
public interface LinkReader {

  /// The links of a block; none for a raw one.
  ///
  /// @throws dev.cairn.multiformats.MalformedException when the bytes are not what the codec says
  List<Cid> links(Cid cid, byte[] bytes);
}

/// The encoding of every object of the chain: strict DAG-CBOR in tuple form.
///
/// Arrays, unsigned integers up to 2^63-1, byte strings, text, booleans, null and CID links; no
/// maps, no floats, no negative integers, no indefinite lengths; every head in its shortest form;
/// arrays nest at most sixteen deep. A value has one encoding, and the reader refuses every other.
package dev.cairn.multiformats.cbor;

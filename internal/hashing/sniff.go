package hashing

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// sniffBytes is how much of a file Sniff wants to see: MPEG transport streams are known by their second and third packet.
const sniffBytes = 512

// Sniff returns the media type of a file that starts with head, of which 512 bytes suffice, or "" when it is not a picture or
// video that Lapwing knows. Names and declared types play no part. It says what a file claims to be: a file that starts as
// a picture may be something else behind it.
func Sniff(head []byte) string {
	if len(head) > sniffBytes {
		head = head[:sniffBytes]
	}
	for _, m := range magics {
		if len(head) >= m.offset && bytes.HasPrefix(head[m.offset:], []byte(m.magic)) && (m.also == nil || m.also(head)) {
			return m.mediaType
		}
	}
	return fileType(head)
}

var magics = []struct {
	mediaType string
	offset    int
	magic     string
	also      func(head []byte) bool
}{
	{"image/jpeg", 0, "\xff\xd8\xff", nil},
	{"image/png", 0, "\x89PNG\r\n\x1a\n", nil},
	{"image/gif", 0, "GIF87a", nil},
	{"image/gif", 0, "GIF89a", nil},
	{"image/webp", 8, "WEBP", isRIFF},
	{"image/bmp", 0, "BM", isBMP},
	{"image/tiff", 0, "II*\x00", nil},
	{"image/tiff", 0, "MM\x00*", nil},
	{"video/x-msvideo", 8, "AVI ", isRIFF},
	{"video/webm", 0, "\x1aE\xdf\xa3", isWebM},
	{"video/x-matroska", 0, "\x1aE\xdf\xa3", nil},
	{"video/mpeg", 0, "\x00\x00\x01\xba", nil}, // program stream
	{"video/mpeg", 0, "\x00\x00\x01\xb3", nil}, // elementary stream
	{"video/mp2t", 0, "G", func(head []byte) bool { return isTransport(head, 0, 188) }},
	{"video/mp2t", 4, "G", func(head []byte) bool { return isTransport(head, 4, 192) }}, // as cameras and discs store it
	{"video/x-flv", 0, "FLV\x01", nil},
	{"video/x-ms-asf", 0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", nil}, // also WMV
	{"video/quicktime", 4, "moov", nil},                                                            // QuickTime before there was ftyp
	{"video/quicktime", 4, "mdat", nil},
	{"video/quicktime", 4, "wide", nil},
	{"video/quicktime", 4, "pnot", nil},
}

func isRIFF(head []byte) bool { return bytes.HasPrefix(head, []byte("RIFF")) }

// isBMP looks further than two letters that any text may start with: reserved bytes and the size of the next header.
func isBMP(head []byte) bool {
	return len(head) >= 18 && binary.LittleEndian.Uint32(head[6:]) == 0 &&
		slices.Contains([]uint32{12, 40, 52, 56, 64, 108, 124}, binary.LittleEndian.Uint32(head[14:]))
}

// isWebM looks for the DocType element (42 82) of the EBML header, RFC 8794 section 11.2.4.
func isWebM(head []byte) bool {
	return bytes.Contains(head, []byte("\x42\x82\x84webm"))
}

// isTransport looks for the sync byte at the start of three packets, ISO/IEC 13818-1 section 2.4.3.2.
func isTransport(head []byte, offset, packet int) bool {
	return len(head) > offset+2*packet && head[offset+packet] == 'G' && head[offset+2*packet] == 'G'
}

// fileType reads the ftyp box, ISO/IEC 14496-12 section 4.3: the brand of the file, then others that it is compatible with.
func fileType(head []byte) string {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return ""
	}
	end := min(int64(binary.BigEndian.Uint32(head)), int64(len(head)))
	brands := []string{string(head[8:12])}
	for at := int64(16); at+4 <= end; at += 4 {
		brands = append(brands, string(head[at:at+4]))
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(brands, func(b string) bool { return slices.Contains(names, b) })
	}
	switch main := brands[0]; {
	case main == "qt  ":
		return "video/quicktime"
	case strings.HasPrefix(main, "3gp"):
		return "video/3gpp"
	case strings.HasPrefix(main, "3g2"):
		return "video/3gpp2"
	case strings.HasPrefix(main, "M4A"), strings.HasPrefix(main, "M4B"):
		return "audio/mp4"
	case has("avif", "avis"):
		return "image/avif"
	case has("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"):
		return "image/heic"
	}
	return "video/mp4"
}

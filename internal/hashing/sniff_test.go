package hashing

import (
	"strings"
	"testing"
)

func TestSniff(t *testing.T) {
	t.Parallel()
	packets := func(offset, size int) string {
		return strings.Repeat(strings.Repeat("\x00", offset)+"G"+strings.Repeat("\x00", size-offset-1), 3)
	}
	for _, c := range []struct{ name, head, want string }{
		{"nothing", "", ""},
		{"text", "The quick brown fox jumps over the lazy dog", ""},
		{"JPEG", "\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"},
		{"half of JPEG", "\xff\xd8", ""},
		{"PNG", "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", "image/png"},
		{"PNG after a text transfer", "\x89PNG\n\x1a\n\x00\x00\x00\x0dIHDR", ""},
		{"GIF 87", "GIF87a", "image/gif"},
		{"GIF 89", "GIF89a", "image/gif"},
		{"GIF of no version", "GIF88a", ""},
		{"WebP", "RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"},
		{"WAV", "RIFF\x10\x00\x00\x00WAVEfmt ", ""},
		{"BMP", "BM\x36\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00", "image/bmp"},
		{"words", "BMX riders meet at noon", ""},
		{"TIFF, Intel", "II*\x00\x08\x00\x00\x00", "image/tiff"},
		{"TIFF, Motorola", "MM\x00*\x00\x00\x00\x08", "image/tiff"},
		{"HEIC", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"},
		{"HEIF of a general brand", "\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "image/heic"},
		{"AVIF", "\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf", "image/avif"},
		{"AVIF of a general brand", "\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", "image/avif"},
		{"a brand behind the box", "\x00\x00\x00\x10ftypisom\x00\x00\x00\x00avif", "video/mp4"},
		{"MP4", "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "video/mp4"},
		{"MP4 of 2 GB box", "\xff\xff\xff\xffftypmp42", "video/mp4"},
		{"QuickTime", "\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ", "video/quicktime"},
		{"old QuickTime", "\x00\x00\x10\x00moov\x00\x00\x00\x6cmvhd", "video/quicktime"},
		{"3GP", "\x00\x00\x00\x14ftyp3gp4\x00\x00\x02\x003gp4", "video/3gpp"},
		{"3G2", "\x00\x00\x00\x14ftyp3g2a\x00\x00\x02\x003g2a", "video/3gpp2"},
		{"sound only", "\x00\x00\x00\x14ftypM4A \x00\x00\x02\x00M4A ", "audio/mp4"},
		{"ftyp cut off", "\x00\x00\x00\x18ftyphei", ""},
		{"AVI", "RIFF\x10\x00\x00\x00AVI LIST", "video/x-msvideo"},
		{"WebM", "\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webmB\x87", "video/webm"},
		{"Matroska", "\x1aE\xdf\xa3\xa3B\x86\x81\x01B\xf7\x81\x01B\x82\x88matroskaB\x87", "video/x-matroska"},
		{"MPEG program stream", "\x00\x00\x01\xba\x44", "video/mpeg"},
		{"MPEG video", "\x00\x00\x01\xb3\x14", "video/mpeg"},
		{"MPEG transport stream", packets(0, 188), "video/mp2t"},
		{"transport stream with time codes", packets(4, 192), "video/mp2t"},
		{"a letter G", "G" + strings.Repeat("x", 600), ""},
		{"FLV", "FLV\x01\x05", "video/x-flv"},
		{"ASF", "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", "video/x-ms-asf"},
		{"PDF", "%PDF-1.7", ""},
		{"ZIP", "PK\x03\x04", ""},
	} {
		if got := Sniff([]byte(c.head)); got != c.want {
			t.Errorf("%s: Sniff(%q) = %q, want %q", c.name, c.head, got, c.want)
		}
		if got := Sniff([]byte(c.head + strings.Repeat("\x00", 1000))); got != c.want && c.want != "" {
			t.Errorf("%s in a long file: got %q, want %q", c.name, got, c.want)
		}
	}
}
